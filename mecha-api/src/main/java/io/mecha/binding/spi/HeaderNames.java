// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

import java.util.Locale;

/**
 * The rule that keeps headers and attributes apart, the same for all transports.
 *
 * <p>A message that crosses from one transport to another, as a dead letter does, must not gain an attribute there from a header
 * that somebody else named {@code ce_id}. So the names by which any transport carries attributes, the media type and the marks of
 * Mecha are no names of headers anywhere, in upper case or lower.
 *
 * @since 1.0
 * @implNote Source: CloudEvents 1.0.2, protocol bindings for HTTP ({@code ce-}), Kafka ({@code ce_}) and AMQP ({@code cloudEvents:},
 *     {@code cloudEvents_}).
 */
public final class HeaderNames {

    /** The header that holds what engines tell each other about a message, signed; no handler sees it and no sender sets it. */
    public static final String MARK = "mecha-mark";

    private static final String OWN_PREFIX = "mecha-";
    private static final String CONTENT_TYPE = "content-type";
    private static final String CLOUD_EVENTS_PREFIX = "cloudevents:";
    private static final String CLOUD_EVENTS_OTHER_PREFIX = "cloudevents_";

    private HeaderNames() {}

    /**
     * Tell whether a name belongs to the protocol or to Mecha, so that no header of an application has it.
     *
     * @param name name of a header, in any case
     * @return whether neither senders may set such a header nor receivers see it
     */
    public static boolean isReserved(String name) {
        if (name.length() < 3) {
            return false;
        }
        return switch (name.charAt(0)) {
            case 'c', 'C' ->
                (Character.toLowerCase(name.charAt(1)) == 'e' && (name.charAt(2) == '-' || name.charAt(2) == '_'))
                        || begins(name, CLOUD_EVENTS_PREFIX)
                        || begins(name, CLOUD_EVENTS_OTHER_PREFIX)
                        || name.equalsIgnoreCase(CONTENT_TYPE);
            case 'm', 'M' -> begins(name, OWN_PREFIX);
            default -> false;
        };
    }

    private static boolean begins(String name, String prefix) {
        return name.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    /**
     * Tell whether a header of a message is carried between nodes: an ordinary one, or the mark of the engine.
     *
     * @param name name of a header, in any case
     * @return whether an adapter writes and reads it; where strangers send, only what is not {@link #isReserved reserved} is read
     */
    public static boolean isCarried(String name) {
        return !isReserved(name) || name.equals(MARK);
    }

    /**
     * Tell whether an attribute is carried between nodes. Names of attributes are in lower case, and transports do not tell case apart: in
     * any other case {@code ID} would pass for the id on the next of them.
     *
     * @param name name of an attribute
     * @return whether an adapter writes it, whatever CloudEvents allows: foreign senders are what they are
     */
    public static boolean isCarriedAttribute(String name) {
        return !name.isEmpty() && name.equals(name.toLowerCase(Locale.ROOT));
    }
}
