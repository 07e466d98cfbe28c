// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.start;

import io.mecha.lifecycle.Drain;
import io.mecha.lifecycle.start.StartLifecycle;
import io.mecha.runtime.drain.DrainParticipant;
import io.mecha.runtime.drain.DrainPhase;
import java.util.List;

/** The end of a start that has not succeeded yet: nothing of it is tried again once the application takes in nothing new. */
final class StartDrain implements DrainParticipant {

    private final StartLifecycle lifecycle;

    StartDrain(StartLifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @Override
    public String name() {
        return "start";
    }

    @Override
    public DrainPhase phase() {
        return DrainPhase.INTAKE;
    }

    @Override
    public void drain(Drain drain) {
        lifecycle.end();
    }

    @Override
    public List<String> unfinished() {
        return List.of();
    }
}
