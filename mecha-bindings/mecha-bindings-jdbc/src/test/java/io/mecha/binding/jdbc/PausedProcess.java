// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Ordering;
import io.mecha.binding.Outcome;
import io.mecha.binding.SendOption;
import io.mecha.binding.Sender;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.channel.ChannelDefinition;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.ChannelSource;
import io.mecha.binding.channel.OutOptions;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Groups;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.test.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Order by key in a process that lives on past its lease, which it renews too late. */
abstract class PausedProcess {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final String RENEWAL = "update mecha_message set visible_at";

    private final String channel = "paused-" + UUID.randomUUID().toString().substring(0, 18);
    private final GatedDataSource gated = new GatedDataSource(dataSource());
    private final GatedDataSource target = new GatedDataSource(dataSource());
    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    /** Returns where messages are. */
    abstract DataSource dataSource();

    @AfterEach
    void open() {
        goOn.countDown();
        gated.open();
        target.open();
    }

    @Test
    void handlesNothingNewerBeforeWhatWasGivenBack() throws Exception {
        try (BindingEngine receiver = engine(gated, false);
                BindingEngine sender = engine(dataSource(), false)) {
            subscribe(receiver);
            send(sender, 0, 5);
            first.await();

            gated.closeBefore(RENEWAL);
            assertThat(gated.awaitReached(30)).isTrue();
            send(sender, 5, 10);
            Eventually.letPass(LEASE);
            goOn.countDown(); // what follows is not ours any more, and is given back
            eventually(
                    PATIENCE,
                    () -> assertThat(receiver.subscriptions().get(0).inFlight()).isZero());
            gated.open();

            eventually(PATIENCE, () -> assertThat(handled).hasSize(10));
            assertThat(handled).containsExactlyElementsOf(numbers(10));
        }
    }

    @Test
    void relaysNothingNewerBeforeWhatWasGivenBack() throws Exception {
        try (BindingEngine relaying = engine(gated, true)) {
            target.close();
            goOn.countDown();
            subscribe(relaying);
            send(relaying, 0, 5);
            assertThat(target.awaitReached(30)).isTrue();

            gated.closeBefore(RENEWAL);
            assertThat(gated.awaitReached(30)).isTrue();
            Eventually.letPass(LEASE);
            send(relaying, 5, 10);
            target.open();
            gated.open();

            eventually(PATIENCE, () -> assertThat(handled.stream().distinct()).hasSize(10)); // some may come twice
            assertThat(handled.stream().distinct()).containsExactlyElementsOf(numbers(10));
        }
    }

    private void subscribe(BindingEngine engine) {
        SubscriptionOptions options =
                SubscriptionOptions.builder().ordering(Ordering.KEY).build();
        engine.subscribe(
                SubscriptionSpec.of(channel, String.class).options(options).build(), event -> {
                    first.countDown();
                    goOn.await();
                    handled.add(event.data());
                    return Outcome.ack();
                });
    }

    private void send(BindingEngine engine, int from, int to) {
        Sender<String> sender = engine.sender(channel, String.class).with(SendOption.key("key"));
        numbers(to).subList(from, to).forEach(sender::send);
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    private BindingEngine engine(DataSource dataSource, boolean outbox) {
        ChannelOptions plain = ChannelOptions.of(channel, JdbcBindingBackendFactory.TYPE);
        OutOptions out = OutOptions.DEFAULT;
        OutOptions kept = new OutOptions(
                out.key(),
                out.type(),
                out.timeToLive(),
                outbox,
                out.delayStore(),
                out.timeout(),
                out.overflow(),
                out.maxInFlight());
        BindingBackend backend = backend(outbox ? target : dataSource, channel);
        backend.capabilities().find(Groups.class).orElseThrow().declare("app", Ordering.KEY);
        BindingEngine engine = BindingEngine.builder()
                .application("app")
                .codecs(JacksonCodecs.standard())
                .source(new Source(dataSource))
                .channels(List.of(new ChannelDefinition(plain.withOut(kept), backend)))
                .build();
        engine.start();
        return engine;
    }

    static BindingBackend backend(DataSource dataSource, String destination) {
        return TestSettings.factory(dataSource)
                .create(new TestSettings(destination, TestSettings.options(Duration.ofSeconds(20), LEASE)));
    }

    private record Source(DataSource dataSource) implements ChannelSource {

        @Override
        public Optional<ChannelDefinition> create(String name, @Nullable ChannelOptions like) {
            return Optional.of(outbox(ChannelOptions.of(name, JdbcBindingBackendFactory.TYPE)));
        }

        @Override
        public boolean isConfigured(String name) {
            return true;
        }

        @Override
        public ChannelDefinition outbox(ChannelOptions channel) {
            String name = "outbox-" + channel.name();
            BindingBackend backend = backend(dataSource, name);
            backend.capabilities().find(Groups.class).orElseThrow().declare("relay", Ordering.KEY);
            return new ChannelDefinition(ChannelOptions.of(name, JdbcBindingBackendFactory.TYPE), backend);
        }
    }
}
