// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import io.mecha.binding.spi.BindingBackend;
import java.util.Objects;

/**
 * The definition of a channel: its options and its backend.
 *
 * @param options its settings
 * @param backend its backend, which the engine closes
 * @since 1.0
 */
public record ChannelDefinition(ChannelOptions options, BindingBackend backend) {

    public ChannelDefinition {
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(backend, "backend");
    }
}
