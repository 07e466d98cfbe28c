// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import io.mecha.coordination.LeaderListener;
import io.mecha.coordination.Leadership;
import io.mecha.coordination.StepDownReason;
import io.mecha.coordination.engine.AsynchronousListener;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The work of the leader of one name: the calls of {@code @LeaderOnly} methods, and the work of a bean if there is one. */
final class LeaderRole implements AsynchronousListener {

    private final LeaderCalls calls = new LeaderCalls();
    private volatile @Nullable Singleton singleton;

    LeaderCalls calls() {
        return calls;
    }

    /** Returns the name of the bean that works on the leader. */
    Optional<String> bean() {
        return Optional.ofNullable(singleton).map(Singleton::name);
    }

    void bean(String name, Supplier<LeaderListener> bean) {
        singleton = new Singleton(name, bean);
    }

    @Override
    public boolean isAtWorkElsewhere() {
        return calls.isLater();
    }

    @Override
    public void onElected(Leadership leadership) {
        Singleton some = singleton;
        if (calls.begin(leadership) && some != null) {
            some.bean().get().onElected(leadership);
        }
    }

    @Override
    public void onStepDown(Leadership leadership, StepDownReason reason) {
        Singleton some = singleton;
        calls.end(leadership);
        try {
            if (some != null) {
                some.bean().get().onStepDown(leadership, reason);
            }
        } finally {
            calls.await();
        }
    }

    /** A bean that works on the leader. */
    private record Singleton(String name, Supplier<LeaderListener> bean) {}
}
