// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.MechaException;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Outbound;
import io.mecha.test.Together;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class FaultBehaviour extends BindingGroup {

    FaultBehaviour(BindingBackendContract contract) {
        super(contract);
    }

    @BeforeEach
    void requireOutage() {
        outage();
        capability(Outbound.class);
    }

    @Test
    void saysThatNothingWasSentOnceNoConnectionIsLeft() {
        declare("group");
        send("before");

        outage().cut();

        eventually(() -> assertThat(failureOf("lost").mayHaveHappened()).isFalse());
        outage().restore();
        assertSendsAgain();
    }

    @Test
    void saysThatASendMayHaveHappenedWhenItsConfirmationIsLost() {
        declare("group");
        Queue<String> unsent = new ConcurrentLinkedQueue<>();
        AtomicInteger calls = new AtomicInteger();

        eventually(
                () -> { // whose connection is found to be gone before it sends may say so, if that is true
                    outage().restore();
                    assertThat(attempt("before")).isNull();
                    String text = "unknown " + calls.incrementAndGet();
                    AtomicReference<SendException> failure = new AtomicReference<>();
                    outage().cutDuring(() -> failure.set(failureOf(text)));
                    assertThat(failure.get()).isNotNull();
                    if (!failure.get().mayHaveHappened()) {
                        unsent.add(text);
                    }
                    assertThat(failure.get().mayHaveHappened()).isTrue();
                });

        outage().restore();
        Collector collector = assertSendsAgain();
        stays(() -> assertThat(unsent)
                .allSatisfy(text -> assertThat(collector.texts()).doesNotContain(text)));
    }

    @Test
    void failsSendsInTimeWhenTheServerDoesNotAnswer() {
        declare("group");
        send("before");

        outage().stall();

        assertThat(failureOf("lost")).isNotNull();
        outage().restore();
        assertSendsAgain();
    }

    @Test
    void failsEachOfSeveralMessagesWhileTheServerIsGone() {
        Outbound outbound = capability(Outbound.class);
        declare("group");
        outage().cut();
        List<TestMessage> messages = List.of(TestMessage.of("1"), TestMessage.of("2"));

        List<CompletionStage<Receipt>> stages =
                outbound.sendAll(messages.stream().map(TestMessage::id).toList(), messages);

        assertThat(stages)
                .hasSize(2)
                .allSatisfy(stage -> assertThatThrownBy(() -> await(stage)).isInstanceOf(SendException.class));
    }

    @Test
    void failsPingsWhileTheServerIsGone() {
        outage().cut();
        assertInTime(() -> assertThatThrownBy(() -> backend().ping()).isInstanceOf(MechaException.class));

        outage().restore();
        eventually(() -> assertThatCode(() -> backend().ping()).doesNotThrowAnyException());
    }

    @Test
    void saysInTimeThatItCannotCountWhileTheServerIsGone() {
        declare("group");
        outage().cut();

        assertInTime(() -> {
            try {
                capability(Groups.class).lag("group");
            } catch (MechaException away) {
                assertThat(away).hasMessageContaining(contract().destination());
            }
        });
    }

    @Test
    void goesOnReceivingWhenTheServerIsBack() {
        declare("group");
        Collector collector = Collector.acknowledging();
        receive("group", collector);
        send("before");
        awaitCount(collector, 1);

        for (int i = 0; i < 2; i++) {
            String after = "after " + i;
            outage().cut();
            letQuietPass();
            outage().restore();

            eventually(() -> assertThat(attempt(after)).isNull());
            eventually(() -> assertThat(collector.texts()).contains(after));
        }
    }

    @Test
    void goesOnReceivingWhenTheServerDidNotAnswerForAWhile() {
        declare("group");
        Collector collector = Collector.acknowledging();
        receive("group", collector);
        send("before");
        awaitCount(collector, 1);

        outage().stall();
        letQuietPass();
        outage().restore();

        eventually(() -> assertThat(attempt("after")).isNull());
        eventually(() -> assertThat(collector.texts()).contains("after"));
    }

    @Test
    void beginsToReceiveWhenTheServerComes() {
        declare("group");
        send("before");
        outage().cut();
        BindingBackend late = contract().open(contract().destination());
        Collector collector = Collector.acknowledging();
        assertInTime(() -> receive(late, ConsumerRequest.of("group", ROOM), collector));

        outage().restore();

        eventually(() -> assertThat(collector.texts()).containsExactly("before"));
    }

    @Test
    void losesNothingThatWasHandedOutBeforeAnOutage() {
        declare("group");
        send("m1", "m2");
        Collector collector = Collector.keeping();
        receive("group", collector);
        awaitCount(collector, 2);
        List<Delivery> before = collector.deliveries();

        outage().cut();
        assertThatCode(() -> {
                    before.get(0).acknowledge();
                    before.get(1).release();
                })
                .doesNotThrowAnyException();
        String released = Collector.text(before.get(1));
        outage().restore();

        eventually(
                () -> assertThat(collector.texts().subList(2, collector.texts().size()))
                        .contains(released));
    }

    @Test
    void losesNoConfirmedMessageWhileTheServerComesAndGoes() throws Exception {
        declare("group");
        Collector collector = Collector.acknowledging();
        receive("group", collector);
        Set<String> confirmed = ConcurrentHashMap.newKeySet();
        AtomicBoolean done = new AtomicBoolean();
        Callable<String> sender = () -> {
            for (int i = 0; !done.get(); i++) {
                if (attempt("m" + i) == null) {
                    confirmed.add("m" + i);
                }
            }
            return "done";
        };
        Callable<String> breaker = () -> {
            try {
                for (int i = 0; i < 3; i++) {
                    int before = confirmed.size();
                    eventually(() -> assertThat(confirmed).hasSizeGreaterThan(before + 20));
                    outage().cut();
                    letQuietPass();
                    outage().restore();
                }
            } finally {
                done.set(true);
            }
            return "done";
        };

        Together.run(List.of(sender, breaker));

        eventually(() -> assertThat(new HashSet<>(collector.texts())).containsAll(confirmed));
    }

    @Test
    void closesWhileTheServerIsGone() {
        declare("group");
        MessageConsumer consumer = receive("group", Collector.acknowledging());
        outage().cut();

        assertInTime(() -> {
            consumer.close();
            backend().close();
        });
    }

    @Test
    void describesItselfWhileTheServerIsGone() {
        outage().cut();

        assertThat(capability(Outbound.class).maximumBodySize()).isPositive();
    }

    private SendException failureOf(String text) {
        AtomicReference<@Nullable SendException> failure = new AtomicReference<>();
        assertInTime(() -> failure.set(attempt(text)));
        assertThat(failure.get()).as("failure to send while the server is gone").isNotNull();
        return Objects.requireNonNull(failure.get());
    }

    /** Sends, and returns why it failed, or {@code null}. */
    private @Nullable SendException attempt(String text) {
        try {
            send(text);
            return null;
        } catch (SendException failure) {
            return failure;
        }
    }

    private Collector assertSendsAgain() {
        eventually(() -> assertThat(attempt("again")).isNull());
        Collector collector = Collector.acknowledging();
        receive("group", collector);
        eventually(() -> assertThat(collector.texts()).contains("before", "again"));
        return collector;
    }
}
