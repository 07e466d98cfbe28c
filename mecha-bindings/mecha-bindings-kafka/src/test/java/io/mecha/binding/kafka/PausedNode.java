// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.Capabilities;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Receiver;
import io.mecha.test.binding.BindingBackendContract.PausableNode;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A node whose polling thread stands still when it hands something out. */
final class PausedNode implements PausableNode, BindingBackend {

    private final BindingBackend real;
    private final AtomicReference<CountDownLatch> pause = new AtomicReference<>(new CountDownLatch(0));

    PausedNode(BindingBackend real) {
        this.real = real;
    }

    @Override
    public BindingBackend backend() {
        return this;
    }

    @Override
    public void pause() {
        pause.set(new CountDownLatch(1));
    }

    @Override
    public void resume() {
        pause.get().countDown();
    }

    @Override
    public Capabilities capabilities() {
        return real.capabilities().map(Inbound.class, this::standing);
    }

    private Inbound standing(Inbound inbound) {
        return new Inbound() {
            @Override
            public MessageConsumer receive(ConsumerRequest request, Receiver receiver) {
                return inbound.receive(request, standing(receiver));
            }

            @Override
            public boolean receivesFrom(BindingBackend other) {
                return inbound.receivesFrom(other);
            }
        };
    }

    private Receiver standing(Receiver receiver) {
        return (List<? extends Delivery> deliveries) -> {
            try {
                pause.get().await(Channels.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            receiver.receive(deliveries);
        };
    }

    @Override
    public void ping() {
        real.ping();
    }

    @Override
    public void close() {
        real.close();
    }
}
