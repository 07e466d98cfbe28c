// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A failure with a stable code, what failed and what to do about it.
 *
 * <p>The root of every exception that Mecha throws. Catch a subclass to react to one kind of failure. Messages name
 * components, keys and settings, never a stored value or a secret.
 *
 * @since 1.0
 */
public abstract class MechaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String code;
    private final String problem;
    private final String action;

    /**
     * Create an exception whose message is the code, the problem and the action.
     *
     * @param code stable code, listed in the error reference, for example {@code MECHA-S201}
     * @param problem one sentence: what failed, with names and values
     * @param action one sentence: what the reader can do about it
     * @param cause what a client library reported, if anything
     */
    protected MechaException(String code, String problem, String action, @Nullable Throwable cause) {
        super(
                Objects.requireNonNull(code, "code")
                        + ": "
                        + Objects.requireNonNull(problem, "problem")
                        + " "
                        + Objects.requireNonNull(action, "action"),
                cause);
        this.code = code;
        this.problem = problem;
        this.action = action;
    }

    /**
     * Return the stable code of this failure.
     *
     * @return the code, for example {@code MECHA-S201}
     */
    public final String code() {
        return code;
    }

    /**
     * Return what failed.
     *
     * @return one sentence with names and values
     */
    public final String problem() {
        return problem;
    }

    /**
     * Return what can be done about it.
     *
     * @return one sentence
     */
    public final String action() {
        return action;
    }
}
