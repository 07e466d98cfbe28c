// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import io.mecha.binding.Ordering;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Forwarding;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Outbound;
import io.mecha.binding.spi.Receiver;
import java.util.List;
import java.util.OptionalLong;

/** Backends that are wrong about groups, order or forwarding. */
final class MistakenGroups {

    private MistakenGroups() {}

    static BindingBackend ignoringDeclarations(BindingBackend real) {
        return new ForwardingBackend(real) {
            @Override
            Groups groups(Groups groups) {
                return new Groups() {
                    @Override
                    public void declare(String group, Ordering ordering) {}

                    @Override
                    public OptionalLong lag(String group) {
                        return groups.lag(group);
                    }
                };
            }
        };
    }

    static BindingBackend countingZero(BindingBackend real) {
        return new ForwardingBackend(real) {
            @Override
            Groups groups(Groups groups) {
                return new Groups() {
                    @Override
                    public void declare(String group, Ordering ordering) {
                        groups.declare(group, ordering);
                    }

                    @Override
                    public OptionalLong lag(String group) {
                        return OptionalLong.of(0);
                    }
                };
            }
        };
    }

    static BindingBackend withoutOrder(BindingBackend real) {
        return new ForwardingBackend(real) {
            @Override
            Groups groups(Groups groups) {
                return new Groups() {
                    @Override
                    public void declare(String group, Ordering ordering) {
                        groups.declare(group, Ordering.NONE);
                    }

                    @Override
                    public OptionalLong lag(String group) {
                        return groups.lag(group);
                    }
                };
            }

            @Override
            MessageConsumer receive(Inbound inbound, ConsumerRequest request, Receiver receiver) {
                return super.receive(
                        inbound,
                        new ConsumerRequest(
                                request.group(),
                                Ordering.NONE,
                                request.startAt(),
                                request.maxInFlight(),
                                1,
                                request.ephemeral(),
                                request.paused()),
                        receiver);
            }
        };
    }

    static BindingBackend forwardingOnly(BindingBackend real) {
        return new ForwardingBackend(real) {
            @Override
            Forwarding forwarding(Forwarding forwarding) {
                return new Forwarding() {
                    @Override
                    public boolean reaches(BindingBackend target) {
                        return target instanceof ForwardingBackend;
                    }

                    @Override
                    public void forward(Delivery delivery, BindingBackend target, List<? extends Message> messages) {
                        Outbound outbound =
                                target.capabilities().find(Outbound.class).orElseThrow();
                        messages.forEach(message -> outbound.send("id", message));
                    }
                };
            }
        };
    }
}
