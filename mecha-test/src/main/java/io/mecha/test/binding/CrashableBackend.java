// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import io.mecha.Capabilities;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.spi.AttemptMemory;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Forwarding;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Outbound;
import io.mecha.binding.spi.Receiver;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A backend that passes everything on, until it crashes. */
final class CrashableBackend implements BindingBackend {

    private final BindingBackend real;
    private final Capabilities capabilities;
    private final List<MessageConsumer> consumers = new CopyOnWriteArrayList<>();
    private final Set<Delivery> handedOut =
            Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
    private final List<Delivery> foreign = new CopyOnWriteArrayList<>();
    private volatile boolean crashed;

    /**
     * @param failure what a send fails with now, if it does
     */
    CrashableBackend(BindingBackend real, Supplier<@Nullable SendException> failure) {
        this.real = real;
        this.capabilities = real.capabilities()
                .map(Inbound.class, this::inbound)
                .map(Outbound.class, outbound -> outbound(outbound, failure))
                .map(Forwarding.class, this::forwarding)
                .map(AttemptMemory.class, memory -> (delivery, attempts) -> memory.failed(own(delivery), attempts));
    }

    void crash() {
        crashed = true;
        consumers.forEach(MessageConsumer::close);
    }

    /** Returns the deliveries that an engine took for the backend's own and that it never handed out. */
    List<Delivery> foreign() {
        return foreign;
    }

    private Delivery own(Delivery delivery) {
        if (!handedOut.contains(delivery)) {
            foreign.add(delivery);
        }
        return delivery;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public boolean isLocal() {
        return real.isLocal();
    }

    @Override
    public void ping() {
        real.ping();
    }

    @Override
    public void close() {
        real.close();
    }

    private Inbound inbound(Inbound inbound) {
        return new Inbound() {
            @Override
            public MessageConsumer receive(ConsumerRequest request, Receiver receiver) {
                MessageConsumer consumer = inbound.receive(request, deliveries -> {
                    if (!crashed) {
                        handedOut.addAll(deliveries);
                        receiver.receive(deliveries);
                    }
                });
                consumers.add(consumer);
                return consumer;
            }

            @Override
            public boolean receivesFrom(BindingBackend other) {
                return inbound.receivesFrom(other instanceof CrashableBackend wrapped ? wrapped.real : other);
            }
        };
    }

    private Forwarding forwarding(Forwarding forwarding) {
        return new Forwarding() {
            @Override
            public boolean reaches(BindingBackend target) {
                return target instanceof CrashableBackend other && forwarding.reaches(other.real);
            }

            @Override
            public void forward(Delivery delivery, BindingBackend target, List<? extends Message> messages) {
                forwarding.forward(own(delivery), ((CrashableBackend) target).real, messages);
            }
        };
    }

    private Outbound outbound(Outbound outbound, Supplier<@Nullable SendException> failure) {
        return new Outbound() {
            @Override
            public CompletionStage<Receipt> send(String id, Message message) {
                SendException simulated =
                        crashed ? SendException.unreachable("test", "simulated", null) : failure.get();
                return simulated == null ? outbound.send(id, message) : CompletableFuture.failedFuture(simulated);
            }

            @Override
            public List<CompletionStage<Receipt>> sendAll(List<String> ids, List<? extends Message> messages) {
                return crashed || failure.get() != null
                        ? ids.stream().map(id -> send(id, messages.get(0))).toList()
                        : outbound.sendAll(ids, messages);
            }

            @Override
            public int maximumBodySize() {
                return outbound.maximumBodySize();
            }
        };
    }
}
