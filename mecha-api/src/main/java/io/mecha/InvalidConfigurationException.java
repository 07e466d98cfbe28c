// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a configuration, with every mistake in it.
 *
 * <p>Thrown while an application starts, before any component is used. Fix the configuration and start again.
 *
 * @since 1.0
 */
public final class InvalidConfigurationException extends MechaException {

    private static final long serialVersionUID = 1L;

    private final transient List<Mistake> mistakes;

    /**
     * Create an exception that lists mistakes.
     *
     * @param mistakes at least one mistake, in the order they should be shown
     */
    public InvalidConfigurationException(Collection<Mistake> mistakes) {
        this(mistakes, null);
    }

    /**
     * Create an exception that lists mistakes and keeps what was caught while finding them.
     *
     * @param mistakes at least one mistake, in the order they should be shown
     * @param cause what was caught, if anything
     */
    public InvalidConfigurationException(Collection<Mistake> mistakes, @Nullable Throwable cause) {
        super("MECHA-C001", describe(mistakes), advise(mistakes), cause);
        this.mistakes = List.copyOf(mistakes);
    }

    /**
     * Return the mistakes that were found.
     *
     * @return at least one mistake; immutable; empty only on an instance that was deserialised
     */
    public List<Mistake> mistakes() {
        return mistakes == null ? List.of() : mistakes;
    }

    private static String describe(Collection<Mistake> mistakes) {
        if (mistakes.isEmpty()) {
            throw new IllegalArgumentException("An invalid configuration has at least one mistake");
        }
        return mistakes.stream()
                .map(mistake -> "%s: %s [%s]".formatted(mistake.code(), mistake.problem(), mistake.property()))
                .collect(Collectors.joining(" "));
    }

    private static String advise(Collection<Mistake> mistakes) {
        return mistakes.stream().map(Mistake::action).distinct().collect(Collectors.joining(" "));
    }
}
