// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.spi.Delay;
import io.mecha.binding.spi.Expiry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

abstract class TimeBehaviour extends BindingGroup {

    private static final Duration WHILE = Duration.ofSeconds(2);

    TimeBehaviour(BindingBackendContract contract) {
        super(contract);
    }

    @Test
    void deliversDelayedMessagesLater() {
        capability(Delay.class);
        declare("group");
        Collector collector = Collector.acknowledging();
        receive("group", collector);

        send(TestMessage.of("later").withDelay(WHILE));
        send("now");

        awaitCount(collector, 1);
        stays(() -> assertThat(collector.texts()).containsExactly("now"));
        advance(WHILE);
        eventually(() -> assertThat(collector.texts()).containsExactly("now", "later"));
    }

    @Test
    void deliversDelayedMessagesToWhoReceivesThen() {
        capability(Delay.class);
        declare("group");
        send(TestMessage.of("later").withDelay(WHILE));
        advance(WHILE);

        Collector collector = Collector.acknowledging();
        receive("group", collector);

        eventually(() -> assertThat(collector.texts()).containsExactly("later"));
    }

    @Test
    void deliversDelayedMessagesWhenTheyAreDue() {
        capability(Delay.class);
        declare("group");
        Collector collector = Collector.acknowledging();
        receive("group", collector);

        send(TestMessage.of("third").withDelay(WHILE.multipliedBy(3)));
        send(TestMessage.of("first").withDelay(WHILE));
        send(TestMessage.of("second").withDelay(WHILE.multipliedBy(2)));

        for (int i = 1; i <= 3; i++) {
            advance(WHILE);
            awaitCount(collector, i);
        }
        assertThat(collector.texts()).containsExactly("first", "second", "third");
    }

    @Test
    void carriesDelayedMessagesWhole() {
        capability(Delay.class);
        declare("group");
        TestMessage sent = TestMessage.of("later").withHeader("x-one", "1").withDelay(Duration.ofMillis(1));

        send(sent);

        advance(Duration.ofMillis(1));
        Collector collector = Collector.acknowledging();
        receive("group", collector);
        awaitCount(collector, 1);
        assertThat(collector.message(0).attributes()).isEqualTo(sent.attributes());
        assertThat(collector.message(0).headers()).containsEntry("x-one", "1");
        assertThat(collector.message(0).contentType()).isEqualTo(sent.contentType());
    }

    @Test
    void statesLimits() {
        backend()
                .capabilities()
                .find(Delay.class)
                .ifPresent(delay -> assertThat(delay.maximum()).isGreaterThan(WHILE));
        backend()
                .capabilities()
                .find(Expiry.class)
                .ifPresent(expiry -> assertThat(expiry.maximum()).isGreaterThan(WHILE));
    }

    @Test
    void discardsMessagesThatExpired() {
        capability(Expiry.class);
        declare("group");
        send(TestMessage.of("short").withTimeToLive(WHILE));
        send(TestMessage.of("long").withTimeToLive(Duration.ofHours(1)));
        send("for ever");

        advance(WHILE.plusSeconds(1));

        Collector collector = Collector.acknowledging();
        receive("group", collector);
        awaitCount(collector, 2);
        stays(() -> assertThat(collector.texts()).containsExactlyInAnyOrder("long", "for ever"));
    }

    @Test
    void keepsMessagesUntilTheyExpire() {
        capability(Expiry.class);
        declare("group");
        send(TestMessage.of("kept").withTimeToLive(Duration.ofMinutes(5)));

        advance(Duration.ofMillis(500));

        Collector collector = Collector.acknowledging();
        receive("group", collector);
        eventually(() -> assertThat(collector.texts()).containsExactly("kept"));
    }

    @Test
    void keepsMessagesThatMayLiveLongerThanAServerCounts() {
        capability(Expiry.class);
        declare("group");

        send(TestMessage.of("kept").withTimeToLive(Duration.ofDays(36_500)));
        send("next");

        Collector collector = Collector.acknowledging();
        receive("group", collector);
        eventually(() -> assertThat(collector.texts()).contains("kept", "next"));
    }

    @Test
    void countsTheTimeToLiveFromTheEndOfTheDelay() {
        capability(Delay.class);
        capability(Expiry.class);
        declare("group");
        Collector collector = Collector.acknowledging();
        receive("group", collector);

        send(TestMessage.of("later").withDelay(WHILE.multipliedBy(2)).withTimeToLive(WHILE));

        advance(WHILE.multipliedBy(2));
        eventually(() -> assertThat(collector.texts()).containsExactly("later"));
    }

    @Test
    void keepsTimesWhenTheClockIsSetBack() {
        capability(Delay.class);
        declare("group");
        Collector collector = Collector.acknowledging();
        receive("group", collector);
        send(TestMessage.of("later").withDelay(WHILE));

        setClock(Duration.ofHours(-1));
        advance(WHILE);

        eventually(() -> assertThat(collector.texts()).containsExactly("later"));
    }

    @Test
    void keepsTimesWhenTheClockIsSetForward() {
        capability(Delay.class);
        capability(Expiry.class);
        declare("group");
        send(TestMessage.of("kept").withTimeToLive(WHILE));
        send(TestMessage.of("later").withDelay(WHILE));

        setClock(Duration.ofHours(1));

        Collector collector = Collector.acknowledging();
        receive("group", collector);
        awaitCount(collector, 1);
        stays(() -> assertThat(collector.texts()).containsExactly("kept"));
        advance(WHILE);
        eventually(() -> assertThat(collector.texts()).containsExactly("kept", "later"));
    }
}
