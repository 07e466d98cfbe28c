// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static io.mecha.binding.engine.ReceiveKit.fast;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.Capabilities;
import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.binding.Encoding;
import io.mecha.binding.Filter;
import io.mecha.binding.Ordering;
import io.mecha.binding.Outcome;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Outbound;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReceiveChecksTests {

    private final ReceiveKit kit = new ReceiveKit();

    @AfterEach
    void close() {
        kit.close();
    }

    private static SubscriptionSpec.Builder<String> spec(SubscriptionOptions options) {
        return SubscriptionSpec.of("orders", String.class).options(options);
    }

    private List<Mistake> mistakes(SubscriptionSpec<String> spec) {
        List<Mistake> found = new ArrayList<>();
        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> kit.engine().subscribe(spec, event -> Outcome.ack()))
                .satisfies(failure -> found.addAll(failure.mistakes()));
        return found;
    }

    @Test
    void refusesToReceiveFromWhatOnlySends() {
        kit.orders.offering(Capabilities.none().with(Outbound.class, kit.orders));

        assertThat(mistakes(spec(fast().build()).build())).singleElement().satisfies(mistake -> {
            assertThat(mistake.code()).isEqualTo("MECHA-B171");
            assertThat(mistake.property()).isEqualTo("mecha.bindings.channels.orders.type");
            assertThat(mistake.action()).contains("kafka");
        });
    }

    @Test
    void listsAllMistakesAtOnceWithTheTypesThatCould() {
        kit.orders.offering(Capabilities.none().with(Inbound.class, kit.orders));

        List<Mistake> mistakes = mistakes(spec(fast().ordering(Ordering.KEY)
                        .deadLetter("unknown")
                        .inbox(new SubscriptionOptions.Inbox("dedup", Duration.ofHours(1)))
                        .build())
                .filter(Filter.sql("type = "))
                .sendTo("unknown-too")
                .build());

        assertThat(mistakes)
                .extracting(Mistake::code)
                .containsExactly("MECHA-B172", "MECHA-B120", "MECHA-B173", "MECHA-B175", "MECHA-B177");
        assertThat(mistakes)
                .extracting(Mistake::property)
                .containsExactly(
                        "mecha.bindings.channels.orders.in.ordering",
                        "mecha.bindings.channels.orders.in.filter",
                        "mecha.bindings.channels.orders.in.inbox.store",
                        "mecha.bindings.channels.orders.in.dead-letter",
                        "mecha.bindings.channels.orders.in");
        assertThat(mistakes.get(0).action()).contains("memory, kafka, rabbitmq, jdbc");
        assertThat(kit.orders.requests).isEmpty();
    }

    @Test
    void refusesTwoHandlersOfAGroupThatTakeTheSameEvents() {
        kit.engine().subscribe(spec(fast().build()).types("a", "b").build(), event -> Outcome.ack());

        assertThat(mistakes(spec(fast().build()).types("b", "c").build()))
                .singleElement()
                .satisfies(mistake -> {
                    assertThat(mistake.code()).isEqualTo("MECHA-B174");
                    assertThat(mistake.problem()).contains("'b'");
                });
        kit.engine().subscribe(spec(fast().build()).build(), event -> Outcome.ack());
        assertThat(mistakes(spec(fast().build()).build())).hasSize(1);
        kit.engine().subscribe(spec(fast().group("other").build()).build(), event -> Outcome.ack());
        kit.engine()
                .subscribe(
                        spec(fast().build()).filter(Filter.sql("EXISTS tenant")).build(), event -> Outcome.ack());
    }

    @Test
    void refusesTwoOrdersInOneGroup() {
        kit.engine().subscribe(spec(fast().build()).types("a").build(), event -> Outcome.ack());

        assertThat(mistakes(
                        spec(fast().ordering(Ordering.KEY).build()).types("b").build()))
                .singleElement()
                .satisfies(mistake -> assertThat(mistake.code()).isEqualTo("MECHA-B176"));
    }

    @Test
    void refusesAChannelThatReceivesItsOwnDeadLetters() {
        kit.orders.source = kit.broker("orders.dead");

        assertThat(mistakes(spec(fast().build()).build())).singleElement().satisfies(mistake -> {
            assertThat(mistake.code()).isEqualTo("MECHA-B175");
            assertThat(mistake.problem()).contains("'orders'", "'orders.dead'");
        });
    }

    @Test
    void refusesAChannelThatIsItsOwnDeadLetter() {
        assertThat(mistakes(spec(fast().deadLetter("orders").build()).build()))
                .singleElement()
                .satisfies(mistake -> assertThat(mistake.code()).isEqualTo("MECHA-B175"));
    }

    @Test
    void refusesAnInboxForRawMessagesThatNobodyCouldKnowAgain() {
        kit.encoding = Encoding.RAW;
        SubscriptionOptions.Inbox inbox = new SubscriptionOptions.Inbox("dedup", Duration.ofHours(1));

        assertThat(mistakes(spec(fast().inbox(inbox).build()).build()))
                .extracting(Mistake::code)
                .containsExactly("MECHA-B179", "MECHA-B173");
        assertThat(mistakes(spec(fast().inbox(inbox).build()).build()).get(0)).satisfies(mistake -> {
            assertThat(mistake.property()).isEqualTo("mecha.bindings.channels.orders.in.inbox");
            assertThat(mistake.action()).contains("memory, kafka, rabbitmq, jdbc");
        });
    }
}
