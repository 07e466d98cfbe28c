// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state;

import io.mecha.MechaException;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a backend that could not be reached or did not answer in time.
 *
 * <p>Retry later. If {@link #mayHaveHappened()}, read the key first, or retry only a write that may happen twice.
 *
 * @since 1.0
 */
public final class StateUnavailableException extends MechaException {

    private static final long serialVersionUID = 1L;

    private final String store;
    private final boolean mayHaveHappened;

    private StateUnavailableException(
            String code,
            String problem,
            String action,
            String store,
            boolean mayHaveHappened,
            @Nullable Throwable cause) {
        super(code, problem, action, cause);
        this.store = store;
        this.mayHaveHappened = mayHaveHappened;
    }

    /**
     * Report a call that did not reach the backend, or that only reads.
     *
     * @param store name of the store
     * @param type type of its backend
     * @param cause what the client library reported, if anything
     * @return the exception to throw
     */
    public static StateUnavailableException nothingHappened(String store, String type, @Nullable Throwable cause) {
        return new StateUnavailableException(
                "MECHA-S301",
                "The %s backend of state store '%s' cannot be reached%s; nothing was written."
                        .formatted(type, store, reason(cause)),
                "Check that the server runs and that the application's connection settings name it, then try again.",
                store,
                false,
                cause);
    }

    /**
     * Report a write whose answer did not arrive.
     *
     * @param store name of the store
     * @param type type of its backend
     * @param cause what the client library reported, if anything
     * @return the exception to throw
     */
    public static StateUnavailableException mayHaveHappened(String store, String type, @Nullable Throwable cause) {
        return new StateUnavailableException(
                "MECHA-S302",
                "The %s backend of state store '%s' did not answer%s; the write may have happened."
                        .formatted(type, store, reason(cause)),
                "Read the key before writing again.",
                store,
                true,
                cause);
    }

    /**
     * Report a call to a store that was closed; nothing happened.
     *
     * @param store name of the store
     * @param type type of its backend
     * @return the exception to throw
     */
    public static StateUnavailableException closed(String store, String type) {
        return new StateUnavailableException(
                "MECHA-S305",
                "The %s backend of state store '%s' was called after it was closed; nothing was written."
                        .formatted(type, store),
                "Stop users of the store before the store is closed, for example by letting Spring inject it.",
                store,
                false,
                null);
    }

    private static String reason(@Nullable Throwable cause) {
        return cause == null ? "" : " (%s)".formatted(cause.getClass().getSimpleName());
    }

    /**
     * Return which store was called.
     *
     * @return name of the store
     */
    public String store() {
        return store;
    }

    /**
     * Tell what is known about the call.
     *
     * @return {@code true} if a write may have happened; {@code false} if it did not
     */
    public boolean mayHaveHappened() {
        return mayHaveHappened;
    }
}
