// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import io.mecha.Capabilities;
import io.mecha.binding.Receipt;
import io.mecha.binding.spi.AttemptMemory;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Forwarding;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.HandledConfirmation;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.MessageIdentity;
import io.mecha.binding.spi.Outbound;
import io.mecha.binding.spi.Receiver;
import io.mecha.binding.spi.Rejection;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Passes everything on; subclasses make mistakes. */
class ForwardingBackend implements BindingBackend {

    final BindingBackend real;
    private final Capabilities capabilities;

    ForwardingBackend(BindingBackend real) {
        this.real = real;
        this.capabilities = real.capabilities()
                .map(Outbound.class, this::outbound)
                .map(Inbound.class, this::inbound)
                .map(Groups.class, this::groups)
                .map(AttemptMemory.class, memory -> (delivery, attempts) -> failed(memory, unwrap(delivery), attempts))
                .map(MessageIdentity.class, identity -> delivery -> identity.of(unwrap(delivery)))
                .map(Forwarding.class, this::forwarding)
                .map(HandledConfirmation.class, this::confirmation);
    }

    Message outgoing(Message message) {
        return message;
    }

    private Inbound inbound(Inbound inbound) {
        return new Inbound() {
            @Override
            public MessageConsumer receive(ConsumerRequest request, Receiver receiver) {
                return ForwardingBackend.this.receive(inbound, request, receiver);
            }

            @Override
            public boolean receivesFrom(BindingBackend other) {
                return ForwardingBackend.this.receivesFrom(inbound, other);
            }
        };
    }

    boolean receivesFrom(Inbound inbound, BindingBackend other) {
        return inbound.receivesFrom(other instanceof ForwardingBackend wrapped ? wrapped.real : other);
    }

    MessageConsumer receive(Inbound inbound, ConsumerRequest request, Receiver receiver) {
        return inbound.receive(request, deliveries -> handOver(wrap(deliveries), receiver));
    }

    void handOver(List<Delivery> deliveries, Receiver receiver) {
        receiver.receive(deliveries);
    }

    void acknowledge(Delivery delivery) {
        delivery.acknowledge();
    }

    void release(Delivery delivery) {
        delivery.release();
    }

    void reject(Delivery delivery) {
        delivery.reject(Rejection.FAILED);
    }

    int attempt(Delivery delivery) {
        return delivery.attempt();
    }

    boolean current(Delivery delivery) {
        return delivery.current();
    }

    void failed(AttemptMemory memory, Delivery delivery, int attempts) {
        memory.failed(delivery, attempts);
    }

    Groups groups(Groups groups) {
        return groups;
    }

    Outbound outbound(Outbound outbound) {
        return new Outbound() {
            @Override
            public CompletionStage<Receipt> send(String id, Message message) {
                return outbound.send(id, outgoing(message));
            }

            @Override
            public List<CompletionStage<Receipt>> sendAll(List<String> ids, List<? extends Message> messages) {
                return outbound.sendAll(
                        ids,
                        messages.stream().map(ForwardingBackend.this::outgoing).toList());
            }

            @Override
            public int maximumBodySize() {
                return outbound.maximumBodySize();
            }
        };
    }

    HandledConfirmation confirmation(HandledConfirmation confirmation) {
        return confirmation;
    }

    Forwarding forwarding(Forwarding forwarding) {
        return new Forwarding() {
            @Override
            public boolean reaches(BindingBackend target) {
                return target instanceof ForwardingBackend other && forwarding.reaches(other.real);
            }

            @Override
            public void forward(Delivery delivery, BindingBackend target, List<? extends Message> messages) {
                forwarding.forward(unwrap(delivery), ((ForwardingBackend) target).real, messages);
            }
        };
    }

    final List<Delivery> wrap(List<? extends Delivery> deliveries) {
        return deliveries.stream()
                .<Delivery>map(delivery -> new Wrapped(this, delivery))
                .toList();
    }

    void park(Delivery delivery) {
        delivery.park();
    }

    static Delivery unwrap(Delivery delivery) {
        return ((Wrapped) delivery).real();
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

    private record Wrapped(ForwardingBackend backend, Delivery real) implements Delivery {

        @Override
        public Message message() {
            return real.message();
        }

        @Override
        public int attempt() {
            return backend.attempt(real);
        }

        @Override
        public boolean current() {
            return backend.current(real);
        }

        @Override
        public void acknowledge() {
            backend.acknowledge(real);
        }

        @Override
        public void release() {
            backend.release(real);
        }

        @Override
        public void reject(Rejection rejection) {
            backend.reject(real);
        }

        @Override
        public void park() {
            backend.park(real);
        }
    }
}
