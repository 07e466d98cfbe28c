// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.PropertyNames;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A source of channels that are used but were not named when the engine was built.
 *
 * @since 1.0
 */
public interface ChannelSource {

    /**
     * Make a channel.
     *
     * @param name name of the channel
     * @param like a channel whose type and options it gets if it is not configured itself, because it serves that channel as a dead
     *     letter or for replies; {@code null} for the default type
     * @return the channel; empty if none may be made for the name
     * @throws io.mecha.InvalidConfigurationException if its settings cannot work
     */
    Optional<ChannelDefinition> create(String name, @Nullable ChannelOptions like);

    /**
     * Tell whether the settings of a channel are its own, so that it is not made like another one, whatever it serves.
     *
     * @param name name of the channel
     * @return {@code false} if nothing but its name, or its use by another channel, says what it is to be like
     */
    boolean isConfigured(String name);

    /**
     * Make the backend of a channel's outbox.
     *
     * @param channel the channel whose events it keeps
     * @return a backend that offers {@code SurroundingTransaction}, {@code Inbound}, {@code Outbound} and {@code KeyOrder}
     * @throws io.mecha.InvalidConfigurationException if no type on the class path can be an outbox
     */
    ChannelDefinition outbox(ChannelOptions channel);

    /**
     * Make every channel in one way, without outboxes; for engines that are built by hand.
     *
     * @param channels makes a channel of a name
     * @return a source that refuses outboxes
     */
    static ChannelSource of(Function<String, ChannelDefinition> channels) {
        return new ChannelSource() {

            @Override
            public Optional<ChannelDefinition> create(String name, @Nullable ChannelOptions like) {
                return Optional.of(channels.apply(name));
            }

            @Override
            public boolean isConfigured(String name) {
                return true;
            }

            @Override
            public ChannelDefinition outbox(ChannelOptions channel) {
                throw new InvalidConfigurationException(List.of(new Mistake(
                        "MECHA-B119",
                        PropertyNames.channel(channel.name(), "out.outbox"),
                        "Channel '%s' wants an outbox, and its engine was built without one.".formatted(channel.name()),
                        "Build the engine with a ChannelSource that makes outboxes.")));
            }
        };
    }
}
