// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import io.mecha.binding.BindingBackendException;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Outbound;
import io.mecha.binding.spi.Receiver;
import io.mecha.test.Outage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Plays a server and a way to it that breaks, so that the contract's faults can be tried in one JVM. */
final class SimulatedServer implements Outage {

    private enum Way {
        OPEN,
        CUT,
        STALLED,
        LOSES_THE_NEXT_ANSWER
    }

    private final List<Member> members = new CopyOnWriteArrayList<>();
    private volatile Way way = Way.OPEN;

    @Override
    public void cut() {
        way = Way.CUT;
        members.forEach(Member::disconnect);
    }

    @Override
    public void stall() {
        way = Way.STALLED;
        members.forEach(Member::disconnect);
    }

    @Override
    public void cutDuring(Runnable call) {
        way = Way.LOSES_THE_NEXT_ANSWER;
        call.run();
    }

    @Override
    public void restore() {
        way = Way.OPEN;
        members.forEach(Member::connect);
    }

    /** Opens a backend that reaches another one through this server's way. */
    BindingBackend connect(BindingBackend server) {
        return new Client(server);
    }

    private final class Client extends ForwardingBackend {

        Client(BindingBackend server) {
            super(server);
        }

        @Override
        public void ping() {
            if (way != Way.OPEN) {
                throw new BindingBackendException("test", "simulated", "a ping", null);
            }
            super.ping();
        }

        @Override
        MessageConsumer receive(Inbound inbound, ConsumerRequest request, Receiver receiver) {
            Member member = new Member(() -> super.receive(inbound, request, receiver));
            members.add(member);
            if (way == Way.OPEN) {
                member.connect();
            }
            return member;
        }

        @Override
        Outbound outbound(Outbound outbound) {
            return new Outbound() {
                @Override
                public CompletionStage<Receipt> send(String id, Message message) {
                    return answer(() -> outbound.send(id, message));
                }

                @Override
                public List<CompletionStage<Receipt>> sendAll(List<String> ids, List<? extends Message> messages) {
                    List<CompletionStage<Receipt>> stages = new ArrayList<>();
                    for (int i = 0; i < ids.size(); i++) {
                        stages.add(send(ids.get(i), messages.get(i)));
                    }
                    return stages;
                }

                @Override
                public int maximumBodySize() {
                    return outbound.maximumBodySize();
                }
            };
        }
    }

    private CompletionStage<Receipt> answer(Supplier<CompletionStage<Receipt>> call) {
        Way before = way;
        if (before == Way.CUT) {
            return CompletableFuture.failedFuture(SendException.unreachable("test", "simulated", null));
        }
        if (before == Way.STALLED) {
            return unconfirmed();
        }
        CompletionStage<Receipt> answer = call.get();
        if (before == Way.LOSES_THE_NEXT_ANSWER) {
            cut();
            return unconfirmed();
        }
        return answer;
    }

    private static CompletionStage<Receipt> unconfirmed() {
        return CompletableFuture.failedFuture(SendException.unconfirmed("test", "simulated", null));
    }

    /** A consumer that loses its connection, and gets another. */
    private static final class Member implements MessageConsumer {

        private final Supplier<MessageConsumer> connection;
        private @Nullable MessageConsumer current;
        private boolean paused;
        private boolean closed;

        Member(Supplier<MessageConsumer> connection) {
            this.connection = connection;
        }

        synchronized void connect() {
            if (current == null && !closed) {
                current = connection.get();
                if (paused) {
                    current.pause();
                }
            }
        }

        synchronized void disconnect() {
            if (current != null) {
                current.close();
                current = null;
            }
        }

        @Override
        public synchronized void pause() {
            paused = true;
            if (current != null) {
                current.pause();
            }
        }

        @Override
        public synchronized void resume() {
            paused = false;
            if (current != null) {
                current.resume();
            }
        }

        @Override
        public synchronized void close() {
            closed = true;
            disconnect();
        }
    }
}
