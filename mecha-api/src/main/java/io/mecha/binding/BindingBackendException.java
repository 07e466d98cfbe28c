// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import io.mecha.MechaException;
import org.jspecify.annotations.Nullable;

/**
 * Report that a backend failed at something else than sending: receiving, counting, or declaring what it needs.
 *
 * @since 1.0
 */
public final class BindingBackendException extends MechaException {

    private static final long serialVersionUID = 1L;

    /**
     * Report a failure.
     *
     * @param channel name of the channel
     * @param type type of its backend
     * @param what what was tried, for example {@code declaring queue 'orders.billing'}
     * @param cause what the client library reported, if anything
     */
    public BindingBackendException(String channel, String type, String what, @Nullable Throwable cause) {
        super(
                "MECHA-B308",
                "The %s backend of channel '%s' failed at %s%s."
                        .formatted(
                                type,
                                channel,
                                what,
                                cause == null
                                        ? ""
                                        : " (%s)".formatted(cause.getClass().getSimpleName())),
                "See the cause; check that the server runs and what the application may do there.",
                cause);
    }
}
