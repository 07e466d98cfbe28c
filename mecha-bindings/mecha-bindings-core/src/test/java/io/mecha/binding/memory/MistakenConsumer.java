// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Receiver;
import java.util.concurrent.CompletableFuture;

/** A consumer that does not do what it is told. */
@SuppressWarnings("FutureReturnValueIgnored") // whether it was sent shows in what arrives
record MistakenConsumer(MessageConsumer real, boolean pauses, boolean resumes, boolean closes, boolean waits)
        implements MessageConsumer {

    static BindingBackend ignoringPauses(BindingBackend real) {
        return backend(real, false, true, true, true);
    }

    static BindingBackend ignoringResumes(BindingBackend real) {
        return backend(real, true, false, true, true);
    }

    static BindingBackend ignoringClose(BindingBackend real) {
        return backend(real, true, true, false, true);
    }

    static BindingBackend closingLater(BindingBackend real) {
        return backend(real, true, true, true, false);
    }

    private static BindingBackend backend(
            BindingBackend real, boolean pauses, boolean resumes, boolean closes, boolean waits) {
        return new ForwardingBackend(real) {
            @Override
            MessageConsumer receive(Inbound inbound, ConsumerRequest request, Receiver receiver) {
                return new MistakenConsumer(super.receive(inbound, request, receiver), pauses, resumes, closes, waits);
            }
        };
    }

    @Override
    public void pause() {
        if (pauses) {
            real.pause();
        }
    }

    @Override
    public void resume() {
        if (resumes) {
            real.resume();
        }
    }

    @Override
    public void close() {
        if (closes && waits) {
            real.close();
        } else if (closes) {
            CompletableFuture.runAsync(real::close);
        }
    }
}
