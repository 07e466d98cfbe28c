// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mecha.MechaException;
import io.mecha.PageRequest;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.spi.ChangeNotifications;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class FaultBehaviour extends ContractGroup {

    FaultBehaviour(StateBackendContract contract) {
        super(contract);
    }

    @BeforeEach
    void requireOutage() {
        outage();
        write(put("key", "before"));
    }

    @AfterEach
    void restore() {
        contract().outage().ifPresent(Outage::restore);
    }

    @Test
    void saysThatNothingHappenedWhileTheServerIsGone() {
        outage().cut();

        assertNothingHappened(() -> backend().read("key"));
        assertNothingHappened(() -> backend().readAll(List.of("key", "other")));
        assertNothingHappened(() -> write(put("key", "lost")));
        assertNothingHappened(() -> write(remove("key")));
        assertNothingHappened(() -> backend().writeAll(List.of(put("key", "lost"), put("other", "lost"))));

        outage().restore();
        assertWorksAgain();
    }

    @Test
    void failsPingsWhileTheServerIsGone() {
        outage().cut();

        assertInTime(() -> assertThatThrownBy(() -> backend().ping()).isInstanceOf(MechaException.class));

        outage().restore();
        eventually(() -> assertThat(catchThrowableOfType(MechaException.class, () -> backend().ping()))
                .isNull());
    }

    @Test
    void failsTransactionsWhileTheServerIsGone() {
        Transactions transactions = capability(Transactions.class);

        outage().cut();

        assertNothingHappened(() -> transactions.execute(List.of(put("key", "lost"), put("other", "lost"))));
    }

    @Test
    void failsKeyScansWhileTheServerIsGone() {
        KeyScan scan = capability(KeyScan.class);

        outage().cut();

        assertNothingHappened(() -> scan.keys("", PageRequest.first(1)));
    }

    @Test
    void describesItselfWhileTheServerIsGone() {
        outage().cut();

        assertThat(backend().capabilities().types()).hasSameSizeAs(contract().expectedCapabilities());
        assertThat(backend().maximumValueSize()).isPositive();
    }

    @Test
    void opensWhileTheServerIsGone() {
        outage().cut();
        StateBackend node = anotherNode();
        assertNothingHappened(() -> node.read("key"));

        outage().restore();

        eventually(() -> assertThat(attempt(() -> text(Objects.requireNonNull(node.read("key")))))
                .isEqualTo("before"));
    }

    @Test
    void closesWhileTheServerIsGone() {
        outage().cut();

        assertInTime(() -> backend().close());
    }

    @Test
    void saysThatAPutMayHaveHappenedWhenItsAnswerIsLost() {
        assertMayHaveHappened(() -> write(put("key", "after")));
    }

    @Test
    void saysThatAVersionedPutMayHaveHappenedWhenItsAnswerIsLost() {
        String version = stored("key").version();

        assertMayHaveHappened(() -> write(replace("key", "after", version)));
    }

    @Test
    void saysThatABulkMayHaveHappenedWhenItsAnswerIsLost() {
        assertMayHaveHappened(() -> backend().writeAll(List.of(put("key", "after"), put("other", "after"))));
    }

    @Test
    void saysThatATransactionMayHaveHappenedWhenItsAnswerIsLost() {
        Transactions transactions = capability(Transactions.class);

        assertMayHaveHappened(() -> transactions.execute(List.of(put("key", "after"), put("other", "after"))));

        assertThat(texts("key", "other"))
                .as("all or nothing")
                .isIn(Map.of("key", "before"), Map.of("key", "after", "other", "after"));
    }

    @Test
    void saysThatNothingHappenedWhenTheAnswerToAReadIsLost() {
        assertInTime(() -> assertThatThrownBy(() -> outage().cutDuring(() -> backend().read("key")))
                .isInstanceOfSatisfying(StateUnavailableException.class, failure -> assertThat(failure.mayHaveHappened())
                        .isFalse()));

        outage().restore();
        assertWorksAgain();
    }

    @Test
    void failsInTimeWhenTheServerDoesNotAnswer() {
        outage().stall();

        assertNothingHappened(() -> backend().read("key"));
        assertInTime(() -> assertThatThrownBy(() -> write(put("key", "after")))
                .isInstanceOf(StateUnavailableException.class));
        assertInTime(() -> assertThatThrownBy(() -> backend().ping()).isInstanceOf(MechaException.class));

        outage().restore();
        assertWorksAgain();
    }

    @Test
    void survivesSeveralOutages() {
        for (int i = 0; i < 3; i++) {
            outage().cut();
            assertNothingHappened(() -> write(put("key", "lost")));
            outage().restore();
            assertWorksAgain();
        }
    }

    @Test
    void tellsListenersThatTheyMayHaveMissedChanges() {
        ChangeNotifications notifications = capability(ChangeNotifications.class);
        AtomicInteger missed = new AtomicInteger();
        Queue<String> changed = new ConcurrentLinkedQueue<>();
        notifications.listen("", listener(changed, missed));
        eventually(() -> {
            write(put("probe", "value"));
            assertThat(changed).contains("probe");
        });
        int before = missed.get();

        outage().cut();
        assertNothingHappened(() -> write(put("key", "lost")));
        outage().restore();

        eventually(() -> assertThat(missed).hasValueGreaterThan(before));
        changed.clear();
        eventually(() -> {
            attempt(() -> write(put("after", "value")));
            assertThat(changed).contains("after");
        });
    }

    @Test
    void listensWhenTheServerComesBack() {
        ChangeNotifications notifications = capability(ChangeNotifications.class);
        Queue<String> changed = new ConcurrentLinkedQueue<>();

        outage().cut();
        notifications.listen("", listener(changed, new AtomicInteger()));
        outage().restore();

        eventually(() -> {
            attempt(() -> write(put("after", "value")));
            assertThat(changed).contains("after");
        });
    }

    private Outage outage() {
        Outage outage = contract().outage().orElse(null);
        assumeTrue(outage != null, "server faults cannot be simulated here");
        return Objects.requireNonNull(outage);
    }

    private void assertNothingHappened(ThrowingCallable call) {
        assertInTime(() -> assertThatThrownBy(call)
                .isInstanceOfSatisfying(StateUnavailableException.class, failure -> assertThat(failure.mayHaveHappened())
                        .as("may have happened: %s", failure)
                        .isFalse()));
    }

    private void assertMayHaveHappened(Runnable call) {
        assertInTime(() -> assertThatThrownBy(() -> outage().cutDuring(call))
                .isInstanceOfSatisfying(StateUnavailableException.class, failure -> assertThat(failure.mayHaveHappened())
                        .as("may have happened: %s", failure)
                        .isTrue()));

        outage().restore();
        eventually(() -> assertThat(attempt(() -> text(stored("key")))).isIn("before", "after"));
        assertWorksAgain();
    }

    private void assertInTime(Runnable call) {
        long start = System.nanoTime();
        call.run();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("time to fail")
                .isLessThan(contract().timeToFail());
    }

    private void assertWorksAgain() {
        eventually(() -> assertThat(attempt(() -> write(put("again", "value")).applied()))
                .isEqualTo(true));
        assertThat(text("again")).isEqualTo("value");
        assertThat(backend().readAll(List.of("key", "again"))).hasSize(2);
    }

    /** Return what a call returns, or what it threw while the server was out of reach. */
    private static Object attempt(Callable<Object> call) {
        try {
            return call.call();
        } catch (StateUnavailableException unavailable) {
            return unavailable;
        } catch (Exception unexpected) {
            throw new AssertionError("An outage may only cause StateUnavailableException", unexpected);
        }
    }

    private static ChangeNotifications.Listener listener(Queue<String> changed, AtomicInteger missed) {
        return new ChangeNotifications.Listener() {
            @Override
            public void changed(String key) {
                changed.add(key);
            }

            @Override
            public void missed() {
                missed.incrementAndGet();
            }
        };
    }
}
