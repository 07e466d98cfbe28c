// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static io.mecha.test.Eventually.eventually;

import io.mecha.RetryPolicy;
import io.mecha.Secret;
import io.mecha.binding.Encoding;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.channel.ChannelDefinition;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.ChannelSource;
import io.mecha.binding.channel.OutOptions;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.SigningKeys;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.spi.TransactionRunner;
import io.mecha.state.KeyValueStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Engines over scripted brokers, which outlive them. */
final class ReceiveKit implements AutoCloseable {

    static final String GROUP = "billing";

    final Map<String, ScriptedBroker> brokers = new ConcurrentHashMap<>();
    final ScriptedBroker orders = broker("orders");
    SubscriptionOptions in = SubscriptionOptions.none();
    Encoding encoding = Encoding.BINARY;
    InstantSource clock = InstantSource.system();
    Function<String, KeyValueStore<byte[]>> stores = name -> {
        throw new IllegalArgumentException("There is no state store '%s'".formatted(name));
    };

    @Nullable TransactionRunner transactions;

    @Nullable Secret key;

    ObservationRegistry observations = ObservationRegistry.NOOP;

    @Nullable MeterRegistry meters;

    private @Nullable BindingEngine engine;

    ScriptedBroker broker(String name) {
        return brokers.computeIfAbsent(name, key -> new ScriptedBroker());
    }

    BindingEngine engine() {
        if (engine == null) {
            BindingEngine.Builder builder = BindingEngine.builder()
                    .application(GROUP)
                    .node("node-1")
                    .codecs(JacksonCodecs.standard())
                    .clock(clock)
                    .observations(observations)
                    .stores(stores)
                    .transactions(transactions)
                    .signingKeys(SigningKeys.of(key, List.of()))
                    .source(new Source())
                    .channels(List.of(new ChannelDefinition(options("orders"), orders)));
            engine = (meters == null ? builder : builder.meters(meters)).build();
            engine.start();
        }
        return engine;
    }

    /** Leaves everything as a JVM does that is killed, and begins a new one. */
    BindingEngine restart() {
        brokers.values().forEach(ScriptedBroker::crash);
        engine().close();
        engine = null;
        return engine();
    }

    private ChannelOptions options(String name) {
        return new ChannelOptions(
                name,
                "fake",
                name,
                encoding,
                null,
                "/shop",
                false,
                name.equals("orders") ? in : SubscriptionOptions.none(),
                OutOptions.DEFAULT);
    }

    static SubscriptionOptions.Builder fast() {
        return SubscriptionOptions.builder().retry(retries(3));
    }

    static RetryPolicy retries(int attempts) {
        return new RetryPolicy(attempts, Duration.ofMillis(2), 1.0, Duration.ofMillis(2), 0.0, null);
    }

    ReceiveKit send(String id) {
        return send(id, null, Map.of());
    }

    ReceiveKit send(String id, @Nullable String key, Map<String, String> more) {
        Map<String, String> attributes =
                new LinkedHashMap<>(Map.of("specversion", "1.0", "id", id, "source", "/test", "type", "order.placed"));
        attributes.putAll(more);
        orders.send(id, Message.received(key, "text/plain", attributes, Map.of(), id.getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    static void soon(Runnable assertions) {
        eventually(Duration.ofMinutes(1), assertions);
    }

    @Override
    public void close() {
        if (engine != null) {
            engine.close();
        }
    }

    /** Makes every channel that is asked for. */
    private final class Source implements ChannelSource {

        @Override
        public Optional<ChannelDefinition> create(String name, @Nullable ChannelOptions like) {
            return name.startsWith("unknown")
                    ? Optional.empty()
                    : Optional.of(new ChannelDefinition(options(name), broker(name)));
        }

        @Override
        public boolean isConfigured(String name) {
            return true;
        }

        @Override
        public ChannelDefinition outbox(ChannelOptions channel) {
            throw new IllegalArgumentException("no outbox");
        }
    }
}
