// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.timer;

import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Rejection;

/** One run in the hands of one intake. */
final class TimerDelivery implements Delivery {

    private final TimerIntake intake;
    private final Message message;
    private final int attempt;
    private volatile boolean finished;

    TimerDelivery(TimerIntake intake, Message message, int attempt) {
        this.intake = intake;
        this.message = message;
        this.attempt = attempt;
    }

    TimerIntake intake() {
        return intake;
    }

    @Override
    public Message message() {
        return message;
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public boolean current() {
        return !finished;
    }

    @Override
    public void acknowledge() {
        finish(false);
    }

    @Override
    public void release() {
        finish(true);
    }

    @Override
    public void reject(Rejection rejection) {
        finish(false);
    }

    /** Ends the delivery; takes the group's lock. */
    void finish(boolean again) {
        intake.group().change(() -> {
            if (!finished) {
                finished = true;
                intake.finished(this);
                if (again) {
                    intake.group().giveBack(this);
                }
            }
        });
    }
}
