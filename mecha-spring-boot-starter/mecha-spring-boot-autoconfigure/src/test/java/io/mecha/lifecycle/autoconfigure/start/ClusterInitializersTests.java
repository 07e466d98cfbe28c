// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.coordination.DistributedLocks;
import io.mecha.coordination.engine.Coordination;
import io.mecha.runtime.NodeIdentity;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.engine.StateStoreRegistry;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import tools.jackson.databind.json.JsonMapper;

class ClusterInitializersTests {

    private static final Duration LEASE = Duration.ofSeconds(1);

    private final StateBackend shared = new MemoryStateBackend(InstantSource.system());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Node> nodes = new ArrayList<>();
    private final List<String> done = new CopyOnWriteArrayList<>();

    /** A node of the cluster, which can lose the server. */
    private final class Node {

        private final AtomicBoolean away = new AtomicBoolean();
        private final Coordination coordination;
        private final ClusterInitializers initializers;

        Node(String name) {
            StateStoreComponent store = StateStoreComponent.builder(
                            "shared",
                            "memory",
                            backend(),
                            new JacksonCodecs(JsonMapper.builder().build(), List.of()))
                    .keyPrefix("shop||")
                    .build();
            coordination = Coordination.builder(store).build();
            DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
            beans.registerSingleton("locks", coordination.locks());
            beans.registerSingleton("stores", new StateStoreRegistry(List.of(store), (other) -> store));
            initializers = new ClusterInitializers(
                    beans.getBeanProvider(DistributedLocks.class),
                    beans.getBeanProvider(StateStoreRegistry.class),
                    LEASE,
                    new NodeIdentity("shop", true, name));
            nodes.add(this);
        }

        private StateBackend backend() {
            return (StateBackend) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {StateBackend.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("capabilities")) {
                            return shared.capabilities()
                                    .map(Leases.class, (leases) -> reachable(Leases.class, leases))
                                    .map(Transactions.class, (all) -> reachable(Transactions.class, all));
                        }
                        return method.getName().equals("close") ? null : method.invoke(shared, arguments);
                    });
        }

        private <T> T reachable(Class<T> type, T target) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                        if (away.get()) {
                            throw StateUnavailableException.nothingHappened("shared", "memory", null);
                        }
                        try {
                            return method.invoke(target, arguments);
                        } catch (InvocationTargetException thrown) {
                            throw thrown.getCause();
                        }
                    }));
        }

        boolean run(String version, String what) throws Exception {
            return initializers.guard("seed", version).run(() -> done.add(what));
        }
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        nodes.forEach((node) -> node.coordination.close(Duration.ZERO));
        shared.close();
    }

    @Test
    void runsEachVersionOnceAmongAllNodes() throws Exception {
        Node one = new Node("one");
        Node other = new Node("other");

        List<Future<Boolean>> runs =
                List.of(threads.submit(() -> one.run("1", "one")), threads.submit(() -> other.run("1", "other")));

        int count = 0;
        for (Future<Boolean> run : runs) {
            count += run.get(30, TimeUnit.SECONDS) ? 1 : 0;
        }
        assertThat(count).isEqualTo(1);
        assertThat(done).hasSize(1);
        assertThat(other.run("2", "next")).isTrue();
        assertThat(one.run("2", "again")).isFalse();
        assertThat(one.run("1", "again")).isFalse();
        assertThat(done).hasSize(2);
    }

    @Test
    void runsAgainWhatFailed() throws Exception {
        Node one = new Node("one");

        assertThatThrownBy(() -> one.initializers.guard("seed", "1").run(() -> {
                    throw new IllegalStateException("not yet");
                }))
                .hasMessage("not yet");

        assertThat(new Node("other").run("1", "other")).isTrue();
    }

    @Test
    void letsAnotherNodeRunItWhereOneDiesInTheMiddle() throws Exception {
        Node dying = new Node("dying");
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch wakes = new CountDownLatch(1);
        Future<Boolean> dead =
                threads.submit(() -> dying.initializers.guard("seed", "1").run(() -> {
                    done.add("half");
                    dying.away.set(true);
                    begun.countDown();
                    // Whatever happens to its lock: it goes on, as a process does that was paused.
                    boolean awake = false;
                    while (!awake) {
                        try {
                            wakes.await();
                            awake = true;
                        } catch (InterruptedException told) {
                            Thread.onSpinWait();
                        }
                    }
                }));
        begun.await();

        assertThat(new Node("other").run("1", "whole")).isTrue();

        dying.away.set(false);
        wakes.countDown();
        assertThatThrownBy(() -> dead.get(30, TimeUnit.SECONDS))
                .hasRootCauseMessage("The lock was lost while it ran, and another node may run it now");
        assertThat(new Node("third").run("1", "again")).isFalse();
        assertThat(done).containsExactly("half", "whole");
    }
}
