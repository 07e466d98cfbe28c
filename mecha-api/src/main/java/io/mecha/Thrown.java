// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * A careful reading of exceptions that strangers made: their methods may throw, and their causes may form a circle.
 *
 * <p>No method of this class throws, whatever it is given.
 *
 * @since 1.0
 */
public final class Thrown {

    private static final int MAXIMUM_CAUSES = 32;
    private static final int MAXIMUM_TEXT = 1024;

    private Thrown() {}

    /**
     * Return an exception and its causes.
     *
     * @param failure the exception
     * @return the exception first, then the cause of each; each once, at most 32
     */
    public static List<Throwable> chain(Throwable failure) {
        List<Throwable> chain = new ArrayList<>(2);
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Throwable next = failure;
        while (next != null && chain.size() < MAXIMUM_CAUSES && seen.add(next)) {
            chain.add(next);
            try {
                next = next.getCause();
            } catch (Throwable unreadable) { // allow CatchException: a cause that cannot be told is none
                next = null;
            }
        }
        return chain;
    }

    /**
     * Find the first exception of a type among an exception and its causes.
     *
     * @param failure the exception
     * @param type the type
     * @param <T> the type
     * @return what was found
     */
    public static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        return chain(failure).stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    /**
     * Return what was thrown on another thread.
     *
     * @param failure the exception
     * @return the first cause that is no {@link CompletionException} or {@link ExecutionException}; the last if all are
     */
    public static Throwable unwrap(Throwable failure) {
        Throwable last = failure;
        for (Throwable cause : chain(failure)) {
            last = cause;
            if (!(cause instanceof CompletionException || cause instanceof ExecutionException)) {
                break;
            }
        }
        return last;
    }

    /**
     * Return the message of an exception.
     *
     * @param failure the exception
     * @return the message, at most 1,024 characters of it; empty if there is none or it cannot be told
     */
    public static String message(Throwable failure) {
        try {
            return cut(Objects.requireNonNullElse(failure.getMessage(), ""), MAXIMUM_TEXT);
        } catch (Throwable unreadable) { // allow CatchException: a message that cannot be told is none
            return "";
        }
    }

    /**
     * Name an exception in one line.
     *
     * @param failure the exception
     * @return its simple name, and its message if there is one
     */
    public static String describe(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        String message = message(failure);
        if (failure instanceof MechaException) {
            return message;
        }
        return message.isEmpty() ? name : name + ": " + message;
    }

    /**
     * Return what may be given to a logger, which asks an exception for everything.
     *
     * @param failure the exception
     * @return the same, or, if one of its methods throws or its causes form a circle, one that names its class
     */
    public static Throwable loggable(Throwable failure) {
        return isHarmless(failure, new IdentityHashMap<>()) ? failure : new UnreadableException(failure);
    }

    /**
     * Tells whether a logger can read an exception and all it is made of.
     *
     * @param seen what was read already, each with whether it was read to its end; if not, it leads to itself
     */
    private static boolean isHarmless(Throwable failure, Map<Throwable, Boolean> seen) {
        Boolean before = seen.putIfAbsent(failure, false);
        if (before != null) {
            return before;
        }
        try {
            Objects.requireNonNull(failure.getStackTrace());
            String told = failure.getMessage() + failure.getLocalizedMessage() + failure;
            boolean harmless = !told.isEmpty();
            for (Throwable suppressed : failure.getSuppressed()) {
                harmless = harmless && isHarmless(suppressed, seen);
            }
            Throwable cause = failure.getCause();
            harmless = harmless && (cause == null || isHarmless(cause, seen));
            seen.put(failure, harmless);
            return harmless;
        } catch (Throwable unreadable) { // allow CatchException: that is what is asked
            return false;
        }
    }

    /**
     * Cut a text, never within a character.
     *
     * @param text the text
     * @param maximum most {@code char}s
     * @return the text or its beginning, without half a surrogate pair at its end
     */
    public static String cut(String text, int maximum) {
        if (text.length() <= maximum) {
            return text;
        }
        boolean split = maximum > 0
                && Character.isHighSurrogate(text.charAt(maximum - 1))
                && Character.isLowSurrogate(text.charAt(maximum));
        return text.substring(0, split ? maximum - 1 : maximum);
    }

    /** A stand-in for an exception that cannot be asked. */
    private static final class UnreadableException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnreadableException(Throwable failure) {
            super("%s, which cannot be asked for its message or causes"
                    .formatted(failure.getClass().getName()));
            try {
                setStackTrace(failure.getStackTrace());
            } catch (Throwable unreadable) { // allow CatchException: our own stack trace remains
                setStackTrace(new StackTraceElement[0]);
            }
        }
    }
}
