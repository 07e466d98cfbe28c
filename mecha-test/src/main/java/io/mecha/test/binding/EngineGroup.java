// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.RetryPolicy;
import io.mecha.binding.Bindings;
import io.mecha.binding.Encoding;
import io.mecha.binding.Handler;
import io.mecha.binding.Ordering;
import io.mecha.binding.Sender;
import io.mecha.binding.Subscription;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Groups;
import io.mecha.test.Applicability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A group of tests of what the engine makes of a backend. */
abstract class EngineGroup extends BindingGroup {

    /** The group of engines unless a test says otherwise. */
    static final String APPLICATION = "app";

    private final List<AutoCloseable> engines = new ArrayList<>();
    private final List<EngineSetup> setups = new ArrayList<>();

    EngineGroup(BindingBackendContract contract) {
        super(contract);
    }

    @BeforeEach
    final void requireGroups() {
        capability(Groups.class);
        declare(APPLICATION);
    }

    @AfterEach
    final void closeEngines() throws Exception {
        for (AutoCloseable engine : engines) {
            engine.close();
        }
        assertThat(setups).allSatisfy(setup -> assertThat(setup.foreign()).isEmpty());
    }

    final Bindings engine() {
        return engine(setup(Encoding.BINARY));
    }

    final Bindings engine(EngineSetup setup) {
        Bindings engine = contract().engine(setup).orElse(null);
        Applicability.require(engine != null, "no engine is given");
        if (engine instanceof AutoCloseable closeable) {
            engines.add(closeable);
        }
        return Objects.requireNonNull(engine);
    }

    final EngineSetup setup(Encoding encoding) {
        EngineSetup setup = new EngineSetup(contract(), "node" + setups.size(), encoding);
        setups.add(setup);
        return setup;
    }

    final String channel() {
        return contract().destination();
    }

    final String deadChannel() {
        return channel() + ".dead";
    }

    /** Options for quick tests: attempts without much time in between. */
    static SubscriptionOptions.Builder quick(int maxAttempts) {
        return SubscriptionOptions.builder()
                .retry(new RetryPolicy(maxAttempts, Duration.ofMillis(5), 1.0, Duration.ofMillis(20), 0.0, List.of()));
    }

    final SubscriptionSpec.Builder<String> spec(int maxAttempts) {
        return SubscriptionSpec.of(channel(), String.class)
                .options(quick(maxAttempts).build());
    }

    final Subscription subscribe(Bindings engine, SubscriptionSpec<String> spec, Handler<String> handler) {
        return engine.subscribe(spec, handler);
    }

    final void sendTexts(Bindings engine, String... texts) {
        Sender<String> sender = engine.sender(channel(), String.class);
        List.of(texts).forEach(sender::send);
    }

    final List<String> sendNumbered(Bindings engine, int count) {
        List<String> texts = IntStream.range(0, count).mapToObj(i -> "m" + i).toList();
        sendTexts(engine, texts.toArray(new String[0]));
        return texts;
    }

    /** Receives what lies in the dead letter, past the engine. */
    final Collector deadLetters() {
        return deadLetters("watcher");
    }

    /** Receives dead letters as a group; call before there are any, or as the group that failed. */
    final Collector deadLetters(String group) {
        BindingBackend dead = contract().open(deadChannel());
        Collector collector = Collector.acknowledging();
        declare(dead, group, Ordering.NONE);
        receive(dead, ConsumerRequest.of(group, ROOM), collector);
        return collector;
    }
}
