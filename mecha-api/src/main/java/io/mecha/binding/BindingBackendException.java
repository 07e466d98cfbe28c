// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import io.mecha.MechaException;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a backend at something else than sending: receiving, counting, or declaring what it needs.
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
        this(
                cause,
                "MECHA-B308",
                "The %s backend of channel '%s' failed at %s%s.".formatted(type, channel, what, reason(cause)),
                "See the cause; check that the server runs, and the rights of the application's user.");
    }

    private BindingBackendException(@Nullable Throwable cause, String code, String problem, String action) {
        super(code, problem, action, cause);
    }

    /**
     * Report a server that can be reached, but does not let the application in.
     *
     * @param channel name of the channel
     * @param type type of its backend
     * @param what what was tried, for example {@code declaring queue 'orders.billing'}
     * @param cause what the client library reported, if anything
     * @return the exception to throw
     */
    public static BindingBackendException denied(String channel, String type, String what, @Nullable Throwable cause) {
        return new BindingBackendException(
                cause,
                "MECHA-B319",
                "The %s backend of channel '%s' failed at %s, because it does not accept the application's credentials%s."
                        .formatted(type, channel, what, reason(cause)),
                "Correct user and password in the application's connection settings, or the rights of the user.");
    }

    /**
     * Report a failure whose cause is known.
     *
     * @param channel name of the channel
     * @param type type of its backend
     * @param what what was tried, for example {@code declaring queue 'orders.billing'}
     * @param problem what is the case, part of a sentence
     * @param action what to do, a sentence
     * @param cause what the client library reported, if anything
     * @return the exception to throw
     */
    public static BindingBackendException because(
            String channel, String type, String what, String problem, String action, @Nullable Throwable cause) {
        return new BindingBackendException(
                cause,
                "MECHA-B308",
                "The %s backend of channel '%s' failed at %s: %s.".formatted(type, channel, what, problem),
                action);
    }

    private static String reason(@Nullable Throwable cause) {
        return cause == null ? "" : " (%s)".formatted(cause.getClass().getSimpleName());
    }
}
