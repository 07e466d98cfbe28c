// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.binding.Subscription;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.receive.SubscriptionView;
import io.mecha.runtime.SupervisedThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * A thread that keeps the JVM of a worker alive, as that of a web server does, while the application receives from outside it.
 *
 * <p>All other threads of Mecha are daemons. It begins when the context has started without a failure, and ends when the beans of the
 * context are destroyed, after the handlers were drained. Neither an interrupt nor a failure ends it.
 */
final class KeepAlive implements ApplicationListener<ContextRefreshedEvent>, DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(KeepAlive.class);
    private static final long LOOK_SECONDS = 1;

    private final BindingEngine engine;
    private final ApplicationContext context;
    private final Predicate<String> derived;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private @Nullable SupervisedThread thread;
    private volatile boolean again;
    private boolean closed;

    /**
     * @param derived tells of a channel whether it only serves another one, as its dead letter or for replies
     */
    KeepAlive(BindingEngine engine, ApplicationContext context, Predicate<String> derived) {
        this.engine = engine;
        this.context = context;
        this.derived = derived;
    }

    @Override
    public void onApplicationEvent(ContextRefreshedEvent refreshed) {
        if (refreshed.getApplicationContext().equals(context)) {
            engine.watch((channel) -> look());
            look();
        }
    }

    /** Has the thread look, which no caller may do that holds a lock of a channel. */
    private void look() {
        lock.lock();
        try {
            again = true;
            if (thread == null && !closed) {
                thread = new SupervisedThread("mecha-keep-alive", this::stay);
                thread.thread().setDaemon(false);
                thread.start();
            }
        } finally {
            lock.unlock();
        }
    }

    private void stay() {
        boolean wanted = true;
        while (wanted) {
            again = false;
            try {
                wanted = await(receivesFromOutside());
            } catch (InterruptedException nobodyMay) {
                LOG.debug("The JVM is kept alive after an interrupt", nobodyMay);
            }
        }
    }

    /** Waits for news, since nothing announces that a subscription is closed; {@code false} if there is nothing to stay for. */
    @SuppressWarnings("WaitNotInLoop") // the caller loops, and looks again each time
    private boolean await(boolean receives) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (!closed && receives && !again) {
                ended.await(LOOK_SECONDS, TimeUnit.SECONDS);
            }
            boolean wanted = !closed && (receives || again);
            if (!wanted) {
                thread = null;
            }
            return wanted;
        } finally {
            lock.unlock();
        }
    }

    private boolean receivesFromOutside() {
        return engine.channels().stream()
                .filter((channel) -> !channel.isLocal() && !derived.test(channel.name()))
                .flatMap((channel) -> channel.subscriptions().stream())
                .anyMatch(KeepAlive::isActive);
    }

    /** A subscription that was paused may be resumed; one that nobody started is not waited for. */
    private static boolean isActive(SubscriptionView subscription) {
        return subscription.state() == Subscription.State.RUNNING
                || (subscription.state() == Subscription.State.PAUSED && subscription.autoStart());
    }

    @Override
    public void destroy() {
        lock.lock();
        try {
            closed = true;
            if (thread != null) {
                thread.stop();
            }
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
