// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.Capabilities;
import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.PropertyNames;
import io.mecha.binding.Receipt;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.BindingBackendFactory;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Outbound;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A type that can only send, and remembers what it was configured with. */
public final class FakeBackendFactory implements BindingBackendFactory {

    final Map<String, Settings> settings = new TreeMap<>();
    final Map<String, Options> options = new TreeMap<>();
    final List<String> closed = new ArrayList<>();
    private final String type;
    private Runnable ping = () -> {};

    public FakeBackendFactory(String type) {
        this.type = type;
    }

    public FakeBackendFactory ping(Runnable ping) {
        this.ping = ping;
        return this;
    }

    /** What can be set. */
    record Options(@Nullable Duration timeout, @Nullable String table, boolean fast) {}

    @Override
    public String type() {
        return type;
    }

    @Override
    public BindingBackend create(Settings settings) {
        Options bound = settings.options(Options.class);
        if ("refused".equals(bound.table())) {
            throw new InvalidConfigurationException(List.of(new Mistake(
                    "MECHA-B999", PropertyNames.channel(settings.channel(), type + ".table"), "Refused.", "Choose.")));
        }
        this.settings.put(settings.channel(), settings);
        options.put(settings.channel(), bound);
        return new Backend(settings.channel());
    }

    /** Takes everything. */
    private final class Backend implements BindingBackend, Outbound {

        private final String channel;

        Backend(String channel) {
            this.channel = channel;
        }

        @Override
        public Capabilities capabilities() {
            return Capabilities.none().with(Outbound.class, this);
        }

        @Override
        public void ping() {
            ping.run();
        }

        @Override
        public void close() {
            closed.add(channel);
        }

        @Override
        public CompletionStage<Receipt> send(String id, Message message) {
            return CompletableFuture.completedStage(new Receipt(id, null));
        }

        @Override
        public List<CompletionStage<Receipt>> sendAll(List<String> ids, List<? extends Message> messages) {
            return ids.stream()
                    .map((id) -> CompletableFuture.completedStage(new Receipt(id, null)))
                    .toList();
        }

        @Override
        public int maximumBodySize() {
            return 1_000_000;
        }
    }
}
