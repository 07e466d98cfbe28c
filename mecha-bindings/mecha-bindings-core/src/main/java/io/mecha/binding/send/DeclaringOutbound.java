// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.send;

import io.mecha.Thrown;
import io.mecha.binding.BindingBackendException;
import io.mecha.binding.Ordering;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.StartAt;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.channel.ChannelContext;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.EngineContext;
import io.mecha.binding.channel.Pauses;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Outbound;
import io.mecha.spi.SurroundingTransaction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An outbound that declares the group of its channel before the first send, so that senders may start before receivers.
 *
 * <p>Where sends may join a transaction it declares when the channel starts, and again until the backend has answered: the connection of
 * the transaction may be the only one of its pool, so that a send inside of it never declares on its own thread. Elsewhere the first send
 * declares; if the backend does not answer, sending goes on and fails or not by itself, and the next send declares.
 */
final class DeclaringOutbound implements Outbound {

    private static final Logger LOG = LoggerFactory.getLogger(DeclaringOutbound.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ChannelOptions channel;
    private final Outbound next;
    private final Groups groups;
    private final String group;
    private final Ordering ordering;
    private final @Nullable SurroundingTransaction transaction;
    private final EngineContext engine;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean declared;

    private DeclaringOutbound(
            ChannelContext channel, EngineContext engine, Outbound next, Groups groups, String group) {
        this.channel = channel.options();
        this.engine = engine;
        this.next = next;
        this.groups = groups;
        this.group = group;
        this.ordering = channel.options().in().ordering().orElse(Ordering.NONE);
        this.transaction =
                channel.capabilities().find(SurroundingTransaction.class).orElse(null);
    }

    /** Returns {@code next} itself where there is nothing to declare. */
    static Outbound around(ChannelContext channel, EngineContext engine, Outbound next) {
        SubscriptionOptions in = channel.options().in();
        Optional<Groups> groups = channel.capabilities().find(Groups.class);
        boolean fromNow = in.startAt().orElse(StartAt.EARLIEST) == StartAt.LATEST;
        return groups.isEmpty() || in.group().isEmpty() || fromNow
                ? next
                : new DeclaringOutbound(
                        channel, engine, next, groups.get(), in.group().get());
    }

    /** Declares in the background where sends may join a transaction, and waits for it as long as a backend that answers needs. */
    void start() {
        if (transaction != null) {
            CompletableFuture<Boolean> attempt = attempt(1);
            boolean unused = !transaction.active() && isDone(attempt);
        }
    }

    private CompletableFuture<Boolean> attempt(int attempt) {
        return beside(() -> engine.timers().after(Pauses.after(attempt), () -> {
            CompletableFuture<Boolean> unused = attempt(attempt + 1);
        }));
    }

    /**
     * Declares on a thread that is in no transaction.
     *
     * @param otherwise what to do if that failed
     * @return tells in the end whether the group is declared
     */
    private CompletableFuture<Boolean> beside(Runnable otherwise) {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        try {
            engine.background().execute(() -> {
                try {
                    declare();
                } catch (Throwable failure) { // allow CatchException: tried again
                    if (LOG.isDebugEnabled()) {
                        LOG.debug("Group '{}' is not declared yet", group, Thrown.loggable(failure));
                    }
                    otherwise.run();
                } finally {
                    result.complete(declared);
                }
            });
        } catch (RejectedExecutionException closing) {
            LOG.debug("Group '{}' is not declared, the engine is closed", group, closing);
            result.complete(false);
        }
        return result;
    }

    private void declare() {
        lock.lock();
        try {
            if (!declared) {
                groups.declare(group, ordering);
                declared = true;
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isDone(CompletableFuture<Boolean> attempt) {
        try {
            return attempt.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException late) {
            LOG.debug("Group '{}' is not declared yet", group, late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return declared;
    }

    /**
     * Declares unless that is done.
     *
     * @throws SendException if a transaction is active, whose messages the group would not get
     */
    private void prepare() {
        if (declared) {
            return;
        }
        if (transaction != null && transaction.active()) {
            prepareBeside();
            return;
        }
        try {
            declare();
        } catch (BindingBackendException unreachable) {
            LOG.debug("Group '{}' is declared with a later send", group, unreachable);
        }
    }

    /** Lets another thread declare, which may need the connection that the transaction of this thread holds. */
    private void prepareBeside() {
        if (!isDone(beside(() -> {}))) {
            throw SendException.refused(
                    channel.name(),
                    channel.type(),
                    "its group '%s' is not declared yet, for which the transaction leaves no connection or the server does not answer"
                            .formatted(group),
                    "Start the engine before the first transaction that sends, give the pool a second connection, or send again in another"
                            + " transaction.",
                    null);
        }
    }

    @Override
    public CompletionStage<Receipt> send(String id, Message message) {
        prepare();
        return next.send(id, message);
    }

    @Override
    public List<CompletionStage<Receipt>> sendAll(List<String> ids, List<? extends Message> messages) {
        prepare();
        return next.sendAll(ids, messages);
    }

    @Override
    public int maximumBodySize() {
        return next.maximumBodySize();
    }
}
