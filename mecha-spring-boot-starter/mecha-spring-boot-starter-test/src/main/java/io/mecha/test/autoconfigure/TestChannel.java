// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.autoconfigure;

import io.mecha.Capabilities;
import io.mecha.binding.Receipt;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Forwarding;
import io.mecha.binding.spi.HandledConfirmation;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Outbound;
import io.mecha.state.memory.TransactionScope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A channel in memory that records what is sent, and whose sends wait for the commit where they would in production. */
final class TestChannel implements BindingBackend {

    private final BindingBackend backend;
    private final String channel;
    private final SentEvents sent;
    private final @Nullable TransactionScope scope;
    private final Capabilities capabilities;

    /**
     * Decorates a backend.
     *
     * @param scope the transactions that sends join; {@code null} if they join none
     */
    TestChannel(BindingBackend backend, String channel, SentEvents sent, @Nullable TransactionScope scope) {
        this.backend = backend;
        this.channel = channel;
        this.sent = sent;
        this.scope = scope;
        this.capabilities = backend.capabilities()
                .map(Outbound.class, Sending::new)
                .map(Forwarding.class, Passing::new)
                .map(HandledConfirmation.class, this::confirming);
    }

    private HandledConfirmation confirming(HandledConfirmation confirmation) {
        return message -> {
            sent.record(channel, message);
            return confirmation.sendAndAwait(message);
        };
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public boolean isLocal() {
        return backend.isLocal();
    }

    @Override
    public void ping() {
        backend.ping();
    }

    @Override
    public void close() {
        backend.close();
    }

    private final class Sending implements Outbound {

        private final Outbound outbound;

        Sending(Outbound outbound) {
            this.outbound = outbound;
        }

        @Override
        public CompletionStage<Receipt> send(String id, Message message) {
            if (scope != null && scope.active()) {
                scope.participant(this, Waiting::new).messages.add(() -> now(id, message));
                return CompletableFuture.completedFuture(new Receipt(id, null));
            }
            return now(id, message);
        }

        private CompletionStage<Receipt> now(String id, Message message) {
            sent.record(channel, message);
            return outbound.send(id, message);
        }

        @Override
        public List<CompletionStage<Receipt>> sendAll(List<String> ids, List<? extends Message> messages) {
            List<CompletionStage<Receipt>> stages = new ArrayList<>(ids.size());
            for (int i = 0; i < ids.size(); i++) {
                stages.add(send(ids.get(i), messages.get(i)));
            }
            return stages;
        }

        @Override
        public int maximumBodySize() {
            return outbound.maximumBodySize();
        }
    }

    /** The messages of one transaction. */
    private static final class Waiting implements TransactionScope.Participant {

        final List<Runnable> messages = new ArrayList<>();

        @Override
        public void commit() {
            messages.forEach(Runnable::run);
        }

        @Override
        public void rollback() {
            messages.clear();
        }
    }

    private record Passing(Forwarding forwarding) implements Forwarding {

        @Override
        public boolean reaches(BindingBackend target) {
            return target instanceof TestChannel other && forwarding.reaches(other.backend);
        }

        @Override
        public void forward(Delivery delivery, BindingBackend target, List<? extends Message> messages) {
            TestChannel other = (TestChannel) target;
            forwarding.forward(delivery, other.backend, messages);
            messages.forEach(message -> other.sent.record(other.channel, message));
        }
    }
}
