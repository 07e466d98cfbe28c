// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Bindings;
import io.mecha.binding.Encoding;
import io.mecha.binding.Outcome;
import io.mecha.binding.SendOption;
import io.mecha.binding.spi.Delay;
import io.mecha.test.Applicability;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

abstract class ClockBehaviour extends EngineGroup {

    private static final Duration BACK = Duration.ofHours(-1);
    private static final Duration FORWARD = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofMillis(300);

    ClockBehaviour(BindingBackendContract contract) {
        super(contract);
    }

    @Test
    void retriesInTimeWhenTheClockIsSetBack() {
        retriesInTime(BACK);
    }

    @Test
    void retriesInTimeWhenTheClockIsSetForward() {
        retriesInTime(FORWARD);
    }

    private void retriesInTime(Duration difference) {
        EngineSetup setup = setup(Encoding.BINARY);
        Bindings engine = engine(setup);
        AtomicInteger attempts = new AtomicInteger();
        subscribe(engine, spec(4).build(), event -> {
            if (attempts.incrementAndGet() == 1) {
                setup.setClock(difference);
            }
            if (attempts.get() < 4) {
                throw new IllegalStateException("not yet");
            }
            return Outcome.ack();
        });

        sendTexts(engine, "m");

        eventually(() -> assertThat(attempts).hasValue(4));
    }

    @Test
    void writesDeadLettersInTimeWhenTheClockIsSetBack() {
        EngineSetup setup = setup(Encoding.BINARY);
        Bindings engine = engine(setup);
        Collector dead = deadLetters();
        AtomicInteger attempts = new AtomicInteger();
        setup.unreachable(deadChannel(), true);
        subscribe(engine, spec(1).build(), event -> {
            setup.setClock(BACK);
            attempts.incrementAndGet();
            return Outcome.deadLetter("bad");
        });

        sendTexts(engine, "m");

        eventually(() -> assertThat(attempts).hasPositiveValue());
        stays(() -> assertThat(dead.deliveries()).isEmpty());
        setup.unreachable(deadChannel(), false);
        awaitCount(dead, 1);
    }

    @Test
    void deliversDelayedEventsInTimeWhenTheClockIsSetBack() {
        deliversDelayedEventsInTime(BACK);
    }

    @Test
    void deliversDelayedEventsInTimeWhenTheClockIsSetForward() {
        deliversDelayedEventsInTime(FORWARD);
    }

    private void deliversDelayedEventsInTime(Duration difference) {
        EngineSetup setup = setup(Encoding.BINARY);
        Applicability.require(
                offers(Delay.class) || setup.delayStore() != null, "nothing keeps what the backend cannot delay");
        Bindings engine = engine(setup);
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        subscribe(engine, spec(1).build(), event -> {
            handled.add(event.data());
            return Outcome.ack();
        });
        engine.sender(channel(), String.class).with(SendOption.delay(SOON)).send("later");
        engine.sender(channel(), String.class)
                .with(SendOption.delay(Duration.ofMinutes(30)))
                .send("much later");

        setup.setClock(difference);
        advance(SOON);

        eventually(() -> assertThat(handled).containsExactly("later"));
    }
}
