// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.mecha.spi.SurroundingTransaction;
import io.mecha.state.Precondition;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.spi.ChangeNotifications;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.state.spi.Value;
import io.mecha.test.TestClock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The contract as far as no transaction is active, and transactions that meet. */
class JoiningMemoryBackendTests extends MemoryStateBackendTests {

    private final TestClock time = new TestClock();
    private final Threads scope = new Threads();

    @Override
    protected String adapter() {
        return ""; // varies another run
    }

    @Override
    protected StateBackend backend() {
        return MemoryStateBackend.joining("test", time, MemoryStateOptions.unbounded(), scope);
    }

    @Override
    protected Set<Class<?>> expectedCapabilities() {
        return Set.of(
                Transactions.class,
                KeyScan.class,
                ChangeNotifications.class,
                Leases.class,
                SurroundingTransaction.class);
    }

    @Override
    protected boolean forgetLeases() {
        return false;
    }

    @Override
    protected InstantSource clock() {
        return time;
    }

    @Override
    protected void advance(Duration duration) {
        time.advance(duration);
    }

    @Override
    protected boolean setClock(Duration difference) {
        time.jump(difference);
        return true;
    }

    @Override
    protected OptionalLong storedEntries() {
        return OptionalLong.empty();
    }

    @Test
    void letsOneOfTwoGoOnThatWaitForEachOther() {
        StateBackend backend = backend();
        CyclicBarrier both = new CyclicBarrier(2);
        List<CompletableFuture<Throwable>> ends = new ArrayList<>();
        for (List<String> keys : List.of(List.of("a", "b"), List.of("b", "a"))) {
            ends.add(CompletableFuture.supplyAsync(() -> {
                scope.begin();
                Throwable failure = catchThrowable(() -> {
                    backend.write(put(keys.get(0)));
                    both.await();
                    backend.write(put(keys.get(1)));
                });
                scope.end(failure == null);
                return failure;
            }));
        }

        List<Throwable> failures = ends.stream()
                .map(CompletableFuture::join)
                .filter(failure -> failure != null)
                .toList();

        assertThat(failures)
                .isNotEmpty()
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(StateUnavailableException.class)
                        .hasMessageContaining("nothing was written"));
        assertThat(backend.readAll(List.of("a", "b")).size()).isEqualTo(failures.size() == 1 ? 2 : 0);
    }

    private static Mutation put(String key) {
        return new Mutation.Put(key, Value.of(new byte[] {1}), null, Precondition.NONE);
    }

    /** Transactions that a test begins and ends. */
    private static final class Threads implements TransactionScope {

        @SuppressWarnings("ThreadLocalUsage") // one for each test
        private final ThreadLocal<Map<Object, Participant>> current = new ThreadLocal<>();

        void begin() {
            current.set(new HashMap<>());
        }

        void end(boolean commit) {
            Map<Object, Participant> participants = current.get();
            current.remove();
            participants.values().forEach(commit ? Participant::commit : Participant::rollback);
        }

        @Override
        public boolean active() {
            return current.get() != null;
        }

        @Override
        @SuppressWarnings("unchecked")
        public <P extends Participant> P participant(Object owner, Supplier<P> participant) {
            return (P) current.get().computeIfAbsent(owner, first -> participant.get());
        }

        @Override
        public void afterCompletion(Runnable action) {
            throw new IllegalStateException("No test asks for it");
        }

        @Override
        public void afterCommit(Runnable action) {
            throw new IllegalStateException("No test asks for it");
        }
    }
}
