// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import io.mecha.MechaException;
import io.mecha.PropertyNames;

/**
 * The failure to find a channel that nobody configured, while none may be created for the name.
 *
 * @since 1.0
 */
public final class UnknownChannelException extends MechaException {

    private static final long serialVersionUID = 1L;

    /**
     * Report an unknown channel.
     *
     * @param channel the name that was asked for
     * @param channels the names that are known
     */
    public UnknownChannelException(String channel, Iterable<String> channels) {
        super(
                "MECHA-B101",
                "There is no channel '%s'; there are: %s.".formatted(channel, String.join(", ", channels)),
                "Configure %s, or set mecha.bindings.default-type.".formatted(PropertyNames.channel(channel)),
                null);
    }
}
