// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Bindings;
import io.mecha.binding.Encoding;
import io.mecha.binding.Event;
import io.mecha.binding.Outcome;
import io.mecha.binding.Sender;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.MessageIdentity;
import io.mecha.test.Applicability;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class DuplicateBehaviour extends EngineGroup {

    private static final int EVENTS = 5;
    private static final int COPIES = 4;

    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    DuplicateBehaviour(BindingBackendContract contract) {
        super(contract);
    }

    @BeforeEach
    void requireStore() {
        Applicability.require(contract().store().isPresent(), "no state store is given");
    }

    @Test
    void handlesOnceWhatIsSentSeveralTimes() {
        Bindings engine = engine();
        receiveOnce(engine, APPLICATION);

        sendCopies(engine);

        awaitEachOnce();
    }

    @Test
    void handlesOnceOnSeveralNodes() {
        Bindings engine = engine();
        receiveOnce(engine, APPLICATION);
        receiveOnce(engine(), APPLICATION);

        sendCopies(engine);

        awaitEachOnce();
    }

    @Test
    void handlesOnceInEachGroup() {
        declare("others");
        Bindings engine = engine();
        receiveOnce(engine, APPLICATION);
        receiveOnce(engine, "others");

        send(engine, "m", "m");
        send(engine, "m", "m");

        eventually(() -> assertThat(handled).containsExactlyInAnyOrder("app: m", "others: m"));
        awaitLag(APPLICATION, 0);
        awaitLag("others", 0);
        stays(() -> assertThat(handled).hasSize(2));
    }

    @Test
    void handlesAgainWhatFailed() {
        Bindings engine = engine();
        AtomicInteger calls = new AtomicInteger();
        subscribe(engine, once(APPLICATION), event -> {
            if (calls.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
            }
            return Outcome.ack();
        });

        send(engine, "m", "m");

        eventually(() -> assertThat(calls).hasValue(3));
        send(engine, "m", "m");
        awaitLag(APPLICATION, 0);
        stays(() -> assertThat(calls).hasValue(3));
    }

    @Test
    void handlesOnceWhatACrashLeftUnacknowledged() {
        crashBeforeAcknowledging(Encoding.BINARY);
    }

    @Test
    void handlesOnceARawMessageThatACrashLeftUnacknowledged() {
        capability(MessageIdentity.class);
        crashBeforeAcknowledging(Encoding.RAW);
    }

    private void crashBeforeAcknowledging(Encoding encoding) {
        EngineSetup setup = setup(encoding);
        Bindings crashing = engine(setup);
        CountDownLatch crashed = new CountDownLatch(1);
        subscribe(crashing, once(APPLICATION), event -> {
            handled.add(APPLICATION + ": " + event.data());
            crashed.await(patience().toMillis(), TimeUnit.MILLISECONDS);
            return Outcome.ack();
        });
        send(crashing, "m0", "m0");
        eventually(() -> assertThat(handled).containsExactly("app: m0"));
        setup.crash();
        crashed.countDown();
        eventually(() -> assertThat(crashing.subscriptions())
                .allSatisfy(subscription -> assertThat(subscription.inFlight()).isZero()));
        awaitLag(APPLICATION, 1); // handled, and not acknowledged

        Bindings next = engine(setup(encoding));
        receiveOnce(next, APPLICATION);
        send(next, "m1", "m1");

        eventually(() -> assertThat(handled).contains("app: m1"));
        awaitLag(APPLICATION, 0);
        stays(() -> assertThat(handled).containsExactlyInAnyOrder("app: m0", "app: m1"));
    }

    private void receiveOnce(Bindings engine, String group) {
        subscribe(engine, once(group), event -> {
            handled.add(group + ": " + event.data());
            return Outcome.ack();
        });
    }

    private SubscriptionSpec<String> once(String group) {
        SubscriptionOptions options = quick(10)
                .group(group)
                .concurrency(4)
                .inbox(new SubscriptionOptions.Inbox(EngineSetup.STORE, Duration.ofHours(1)))
                .build();
        return spec(1).options(options).build();
    }

    private void sendCopies(Bindings engine) {
        for (int copy = 0; copy < COPIES; copy++) {
            for (int i = 0; i < EVENTS; i++) {
                send(engine, "m" + i, "m" + i);
            }
        }
    }

    private void send(Bindings engine, String id, String text) {
        Sender<String> sender = engine.sender(channel(), String.class);
        sender.send(Event.<String>builder()
                .id(id)
                .source("/contract")
                .type("test")
                .data(text)
                .build());
    }

    private void awaitEachOnce() {
        eventually(() -> assertThat(handled).hasSizeGreaterThanOrEqualTo(EVENTS));
        awaitLag(APPLICATION, 0);
        stays(() ->
                assertThat(handled).containsExactlyInAnyOrder("app: m0", "app: m1", "app: m2", "app: m3", "app: m4"));
    }

    /** Waits until so much is not acknowledged, where the backend can tell. */
    private void awaitLag(String group, long expected) {
        eventually(() -> capability(Groups.class)
                .lag(group)
                .ifPresent(lag -> assertThat(lag).isEqualTo(expected)));
    }
}
