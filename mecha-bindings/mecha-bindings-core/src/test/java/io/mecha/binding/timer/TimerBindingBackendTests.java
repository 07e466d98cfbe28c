// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.timer;

import static io.mecha.test.Eventually.eventually;
import static io.mecha.test.Eventually.letPass;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.InvalidConfigurationException;
import io.mecha.binding.memory.TestSettings;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.state.spi.LeaseResult.Granted;
import io.mecha.state.spi.LeaseResult.Held;
import io.mecha.state.spi.Leases;
import io.mecha.test.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimerBindingBackendTests {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TestClock clock = new TestClock();
    private final TestStore store = new TestStore();
    private final Leases leases =
            new MemoryStateBackend(clock).capabilities().find(Leases.class).orElseThrow();
    private final List<MessageConsumer> consumers = new ArrayList<>();

    @AfterEach
    void closeConsumers() {
        consumers.forEach(MessageConsumer::close);
    }

    @Test
    void firesAtTheTimesOfTheExpression() {
        List<Delivery> fired = receive(backend(cron("0 * * * * *")));
        assertNothing(fired);

        clock.advance(MINUTE);

        assertFired(fired, "2026-01-01T00:01:00Z");
        fired.get(0).acknowledge();
        clock.advance(MINUTE);
        assertFired(fired, "2026-01-01T00:01:00Z", "2026-01-01T00:02:00Z");
    }

    @Test
    void describesTheRunAsAnEvent() {
        List<Delivery> fired = receive(backend(
                new TimerBindingOptions(null, null, MINUTE, null, "{\"a\":1}", "application/json", null, false)));

        eventually(DEADLINE, () -> assertThat(fired).hasSize(1));

        assertThat(fired.get(0).message().attributes())
                .containsEntry("specversion", "1.0")
                .containsEntry("id", "tick@2026-01-01T00:00:00Z")
                .containsEntry("source", "/mecha/timer")
                .containsEntry("type", "mecha.timer")
                .containsEntry("subject", "tick")
                .containsEntry("time", "2026-01-01T00:00:00Z");
        assertThat(fired.get(0).message().contentType()).isEqualTo("application/json");
        assertThat(fired.get(0).message().body()).asString().isEqualTo("{\"a\":1}");
    }

    @Test
    void firesWithAFixedRateAfterTheInitialDelay() {
        List<Delivery> fired =
                receive(backend(new TimerBindingOptions(null, null, MINUTE, MINUTE, null, null, null, true)));
        assertNothing(fired);

        for (int i = 0; i < 3; i++) {
            clock.advance(MINUTE);
            int count = i + 1;
            eventually(DEADLINE, () -> assertThat(fired).hasSize(count));
        }

        assertFired(fired, "2026-01-01T00:01:00Z", "2026-01-01T00:02:00Z", "2026-01-01T00:03:00Z");
        assertThat(fired.get(0).message().body()).isNull();
    }

    @Test
    void keepsTheRateWhenTheClockIsSet() {
        List<Delivery> fired =
                receive(backend(new TimerBindingOptions(null, null, MINUTE, MINUTE, null, null, null, true)));
        assertNothing(fired);

        clock.jump(Duration.ofHours(-1));
        clock.advance(MINUTE);
        eventually(DEADLINE, () -> assertThat(fired).hasSize(1));
        clock.jump(Duration.ofHours(2));
        letPass(Duration.ofMillis(50));
        assertThat(fired).hasSize(1);
        clock.advance(MINUTE);

        assertFired(fired, "2026-01-01T00:01:00Z", "2026-01-01T00:02:00Z");
    }

    @Test
    void firesOnceForWhatWasMissed() {
        List<Delivery> fired = receive(backend(cron("0 * * * * *")));
        assertNothing(fired);

        clock.advance(Duration.ofMinutes(90).plusSeconds(30));

        assertFired(fired, "2026-01-01T01:30:00Z");
    }

    @Test
    void waitsForTheRunBefore() {
        List<Delivery> fired = receive(backend(cron("0 * * * * *")));
        assertNothing(fired);
        clock.advance(MINUTE);
        assertFired(fired, "2026-01-01T00:01:00Z");

        clock.advance(MINUTE);
        clock.advance(MINUTE);
        letPass(Duration.ofMillis(50));
        assertThat(fired).hasSize(1);
        fired.get(0).acknowledge();

        assertFired(fired, "2026-01-01T00:01:00Z", "2026-01-01T00:03:00Z");
    }

    @Test
    void firesAgainWhatWasReleasedOrNotFinished() {
        BindingBackend backend = backend(cron("0 * * * * *"));
        List<Delivery> fired = receive(backend);
        assertNothing(fired);
        clock.advance(MINUTE);
        assertFired(fired, "2026-01-01T00:01:00Z");

        fired.get(0).release();
        eventually(DEADLINE, () -> assertThat(fired).hasSize(2));
        assertThat(fired.get(1).attempt()).isEqualTo(2);
        closeConsumers();
        assertThat(fired.get(1).current()).isFalse();

        List<Delivery> again = receive(backend);
        assertFired(again, "2026-01-01T00:01:00Z");
        assertThat(again.get(0).attempt()).isEqualTo(3);
    }

    @Test
    void firesNothingWhilePaused() {
        List<Delivery> fired = receive(backend(cron("0 * * * * *")));
        consumers.get(0).pause();

        clock.advance(Duration.ofMinutes(3));
        assertNothing(fired);
        consumers.get(0).resume();

        assertFired(fired, "2026-01-01T00:03:00Z");
    }

    @Test
    void firesForEachGroup() {
        BindingBackend backend = backend(cron("0 * * * * *"));
        List<Delivery> one = receive(backend, "one");
        List<Delivery> other = receive(backend, "other");
        List<Delivery> same = receive(backend, "other");
        assertNothing(one);

        clock.advance(MINUTE);

        assertFired(one, "2026-01-01T00:01:00Z");
        eventually(DEADLINE, () -> assertThat(other.size() + same.size()).isEqualTo(1));
        letPass(Duration.ofMillis(50));
        assertThat(other.size() + same.size()).isEqualTo(1);
    }

    @Test
    void firesOnOneNodeOnly() {
        List<Delivery> fired = new CopyOnWriteArrayList<>();
        for (int node = 0; node < 4; node++) {
            receive(backend(shared("0 * * * * *")), "group", fired);
        }
        letPass(Duration.ofMillis(50));

        for (int i = 1; i <= 20; i++) {
            clock.advance(MINUTE);
            int count = i;
            eventually(DEADLINE, () -> assertThat(fired).hasSize(count));
            fired.get(i - 1).acknowledge();
        }

        letPass(Duration.ofMillis(50));
        assertThat(fired).hasSize(20);
        assertThat(fired).extracting(TimerBindingBackendTests::time).doesNotHaveDuplicates();
    }

    @Test
    void beginsNoRunWhileAnotherNodeHasOne() {
        List<Delivery> fired = new CopyOnWriteArrayList<>();
        receive(backend(shared("*/10 * * * * *")), "group", fired);
        receive(backend(shared("*/10 * * * * *")), "group", fired);
        letPass(Duration.ofMillis(50));
        clock.advance(TEN_SECONDS);
        eventually(DEADLINE, () -> assertThat(fired).hasSize(1));

        for (int i = 0; i < 12; i++) {
            clock.advance(TEN_SECONDS);
            eventually(
                    DEADLINE,
                    () -> assertThat(leases.acquire(lease(), "other", TEN_SECONDS))
                            .isInstanceOfSatisfying(
                                    Held.class,
                                    held -> assertThat(held.remaining()).isGreaterThan(MINUTE.dividedBy(2))));
        }
        assertThat(fired).hasSize(1);
        fired.get(0).acknowledge();

        assertFired(fired, "2026-01-01T00:00:10Z", "2026-01-01T00:02:10Z");
    }

    @Test
    void firesWhenTheLeaseOfANodeThatDiedHasEnded() {
        assertThat(leases.acquire(lease(), "dead", MINUTE)).isInstanceOf(Granted.class);
        List<Delivery> fired = receive(backend(shared("*/10 * * * * *")));
        letPass(Duration.ofMillis(50));
        clock.advance(TEN_SECONDS);
        assertNothing(fired);

        clock.advance(MINUTE);

        assertFired(fired, "2026-01-01T00:01:10Z");
    }

    @Test
    void beginsNoRunThatCameBackWhileAnotherNodeHasOne() {
        BindingBackend backend = backend(shared("0 * * * * *"));
        List<Delivery> fired = receive(backend);
        letPass(Duration.ofMillis(50));
        clock.advance(MINUTE);
        assertFired(fired, "2026-01-01T00:01:00Z");
        consumers.get(0).close();
        eventually(
                DEADLINE,
                () -> assertThat(leases.acquire(lease(), "other", TEN_SECONDS)).isInstanceOf(Granted.class));

        List<Delivery> again = receive(backend);
        assertNothing(again);
        clock.advance(TEN_SECONDS.multipliedBy(2));

        assertFired(again, "2026-01-01T00:01:00Z");
    }

    @Test
    void lendsRunsThatMayOverlapToAnyNode() {
        assertThat(leases.acquire(lease(), "other", MINUTE)).isInstanceOf(Granted.class);
        List<Delivery> fired =
                receive(backend(new TimerBindingOptions("0 * * * * *", "UTC", null, null, null, null, "test", true)));
        letPass(Duration.ofMillis(50));

        clock.advance(MINUTE);

        assertFired(fired, "2026-01-01T00:01:00Z");
    }

    private static String lease() {
        return "test/timer/tick/group";
    }

    @Test
    void keepsTheRateOfTheFirstNode() {
        List<Delivery> fired = new CopyOnWriteArrayList<>();
        receive(backend(sharedRate()), "group", fired);
        eventually(DEADLINE, () -> assertThat(fired).hasSize(1));
        clock.advance(Duration.ofSeconds(30));
        receive(backend(sharedRate()), "group", fired);
        letPass(Duration.ofMillis(50));
        fired.forEach(Delivery::acknowledge);

        clock.advance(Duration.ofSeconds(29));
        letPass(Duration.ofMillis(50));
        assertThat(fired).hasSize(1);
        clock.advance(Duration.ofSeconds(1));

        assertFired(fired, "2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z");
    }

    @Test
    void keepsTheRateOfANodeWhoseClockWasAhead() {
        List<Delivery> before = receive(backend(sharedRate()));
        eventually(DEADLINE, () -> assertThat(before).hasSize(1));
        before.get(0).acknowledge();
        closeConsumers();
        TestClock behind = new TestClock(clock.instant().minus(Duration.ofHours(1)));
        List<Delivery> fired = receive(new TimerBindingBackendFactory((name) -> store.store(), (name) -> leases)
                .create(new TestSettings("tick", sharedRate(), behind)));
        assertNothing(fired);

        behind.advance(MINUTE);

        assertFired(fired, "2026-01-01T00:01:00Z");
    }

    @Test
    void firesAtTheStartWhatNoNodeFired() {
        List<Delivery> before = receive(backend(shared("0 0 * * * *")));
        letPass(Duration.ofMillis(50));
        clock.advance(Duration.ofHours(1));
        assertFired(before, "2026-01-01T01:00:00Z");
        before.get(0).acknowledge();
        closeConsumers();

        clock.advance(Duration.ofMinutes(150));

        assertFired(receive(backend(shared("0 0 * * * *"))), "2026-01-01T03:00:00Z");
        assertNothing(receive(backend(shared("0 59 * * * *"))));
    }

    @Test
    void firesWhenTheStoreIsBack() {
        List<Delivery> fired = receive(backend(shared("0 * * * * *")));
        letPass(Duration.ofMillis(50));
        store.unavailable(true);
        clock.advance(Duration.ofMinutes(2));
        assertNothing(fired);

        store.unavailable(false);

        assertFired(fired, "2026-01-01T00:02:00Z");
    }

    @Test
    void firesOnceWhenTheAnswerOfTheStoreIsLost() {
        List<Delivery> fired = receive(backend(shared("0 * * * * *")));
        letPass(Duration.ofMillis(50));
        store.loseNextAnswer();

        clock.advance(MINUTE);

        assertFired(fired, "2026-01-01T00:01:00Z");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 0 0 30 2 * |     |    | MECHA-B153 | never fires
            0 0 0 * *    |     |    | MECHA-B152 | 5 fields instead of 6
            @daily       | X/Y |    | MECHA-B154 | no time zone
                         |     |    | MECHA-B151 | sets neither cron and fixed-rate
            @daily       |     | 1s | MECHA-B151 | sets both cron and fixed-rate
                         |     | 0s | MECHA-B154 | Set at least 1ms
            """)
    void refusesOptionsThatCannotWork(
            @Nullable String cron, @Nullable String zone, @Nullable String rate, String code, String problem) {
        Duration fixedRate = rate == null ? null : Duration.parse("PT" + rate);

        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(
                        () -> backend(new TimerBindingOptions(cron, zone, fixedRate, null, null, null, null, false)))
                .withMessageContaining(code)
                .withMessageContaining("tick")
                .withMessageContaining(problem);
    }

    private static TimerBindingOptions cron(String cron) {
        return new TimerBindingOptions(cron, "UTC", null, null, null, null, null, false);
    }

    private static TimerBindingOptions shared(String cron) {
        return new TimerBindingOptions(cron, "UTC", null, null, null, null, "test", false);
    }

    private static TimerBindingOptions sharedRate() {
        return new TimerBindingOptions(null, null, MINUTE, null, null, null, "test", false);
    }

    private BindingBackend backend(TimerBindingOptions options) {
        return new TimerBindingBackendFactory((name) -> store.store(), (name) -> leases)
                .create(new TestSettings("tick", options, clock));
    }

    private List<Delivery> receive(BindingBackend backend) {
        return receive(backend, "group");
    }

    private List<Delivery> receive(BindingBackend backend, String group) {
        List<Delivery> fired = new CopyOnWriteArrayList<>();
        receive(backend, group, fired);
        return fired;
    }

    private void receive(BindingBackend backend, String group, List<Delivery> fired) {
        consumers.add(backend.capabilities()
                .find(Inbound.class)
                .orElseThrow()
                .receive(ConsumerRequest.of(group, 10), fired::addAll));
    }

    private static void assertNothing(List<Delivery> fired) {
        letPass(Duration.ofMillis(50));
        assertThat(fired).isEmpty();
    }

    private static void assertFired(List<Delivery> fired, String... times) {
        eventually(DEADLINE, () -> assertThat(fired).hasSize(times.length));
        letPass(Duration.ofMillis(20));
        assertThat(fired).extracting(TimerBindingBackendTests::time).containsExactly(times);
    }

    private static String time(Delivery delivery) {
        return delivery.message().attributes().getOrDefault("time", "");
    }
}
