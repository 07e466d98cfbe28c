// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.PropertyNames;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.BindingBackendFactory;
import java.util.List;
import java.util.Objects;

/**
 * A factory of backends of type {@code memory}.
 *
 * @since 1.0
 */
public final class MemoryBindingBackendFactory implements BindingBackendFactory {

    /** Id of the type whose messages never leave this JVM. */
    public static final String TYPE = "memory";

    private final MemoryBroker broker;

    /**
     * Create a factory.
     *
     * @param broker carries the messages of all channels that this factory makes; not closed with them
     */
    public MemoryBindingBackendFactory(MemoryBroker broker) {
        this.broker = Objects.requireNonNull(broker, "broker");
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public BindingBackend create(Settings settings) {
        MemoryBindingOptions options = settings.options(MemoryBindingOptions.class);
        if (options.limit() < 1) {
            throw new InvalidConfigurationException(List.of(new Mistake(
                    "MECHA-B150",
                    PropertyNames.channel(settings.channel(), "memory.capacity"),
                    "Channel '%s' is to keep at most %d messages.".formatted(settings.channel(), options.limit()),
                    "Set at least 1, or leave it out to keep %d for each group."
                            .formatted(MemoryBindingOptions.DEFAULT_CAPACITY))));
        }
        return broker.connect(settings.channel(), settings.destination(), options);
    }
}
