// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import io.mecha.binding.Encoding;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.event.CloudEventFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The checked settings of a channel that are the same on every backend.
 *
 * @param name name of the channel
 * @param type id of the type of its backend
 * @param destination where it leads
 * @param encoding layout of events on the wire
 * @param mediaType media type of the data that is sent; {@code null} for JSON
 * @param source source of events that set none, a URI reference
 * @param immutableValues whether payloads never change once sent, so that a broker in this JVM may hand out the instance itself
 * @param in how to receive where a subscription says nothing
 * @param out how to send
 * @param strict whether a received event that breaks the types of CloudEvents is refused; otherwise it is taken and counted
 * @since 1.0
 */
public record ChannelOptions(
        String name,
        String type,
        String destination,
        Encoding encoding,
        @Nullable String mediaType,
        String source,
        boolean immutableValues,
        SubscriptionOptions in,
        OutOptions out,
        boolean strict) {

    public ChannelOptions {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(destination, "destination");
        Objects.requireNonNull(encoding, "encoding");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(in, "in");
        Objects.requireNonNull(out, "out");
    }

    /**
     * Take received events as lenient as is the default.
     *
     * @param name name of the channel
     * @param type id of the type of its backend
     * @param destination where it leads
     * @param encoding layout of events on the wire
     * @param mediaType media type of the data that is sent; {@code null} for JSON
     * @param source source of events that set none, a URI reference
     * @param immutableValues whether payloads never change once sent
     * @param in how to receive where a subscription says nothing
     * @param out how to send
     */
    public ChannelOptions(
            String name,
            String type,
            String destination,
            Encoding encoding,
            @Nullable String mediaType,
            String source,
            boolean immutableValues,
            SubscriptionOptions in,
            OutOptions out) {
        this(name, type, destination, encoding, mediaType, source, immutableValues, in, out, false);
    }

    /**
     * Take defaults for everything but the name.
     *
     * @param name name of the channel, also the destination
     * @param type id of the type of its backend
     * @return options
     */
    public static ChannelOptions of(String name, String type) {
        return new ChannelOptions(
                name,
                type,
                name,
                Encoding.BINARY,
                null,
                "/mecha",
                false,
                SubscriptionOptions.none(),
                OutOptions.DEFAULT);
    }

    /**
     * Take another encoding.
     *
     * @param other layout of events on the wire
     * @return options that are otherwise the same
     */
    public ChannelOptions withEncoding(Encoding other) {
        return new ChannelOptions(name, type, destination, other, mediaType, source, immutableValues, in, out, strict);
    }

    /**
     * Send another way.
     *
     * @param other how to send
     * @return options that are otherwise the same
     */
    public ChannelOptions withOut(OutOptions other) {
        return new ChannelOptions(
                name, type, destination, encoding, mediaType, source, immutableValues, in, other, strict);
    }

    /**
     * Return what the event format takes from the channel.
     *
     * @return settings of the format
     */
    public CloudEventFormat.Settings eventFormat() {
        return new CloudEventFormat.Settings(name, encoding, immutableValues, source, out.type(), strict);
    }
}
