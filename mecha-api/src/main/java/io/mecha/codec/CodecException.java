// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.codec;

import io.mecha.MechaException;

/**
 * The failure to write a value as bytes or to read it from them.
 *
 * <p>Retrying does not help: change the class, its annotations or the stored bytes. Has no cause, because the messages of
 * serialisation libraries quote the value.
 *
 * @since 1.0
 */
public final class CodecException extends MechaException {

    private static final long serialVersionUID = 1L;

    private CodecException(String code, String problem, String action) {
        super(code, problem, action, null);
    }

    /**
     * Report a value that could not be written.
     *
     * @param type the declared type
     * @param mediaType the media type asked for
     * @param reason kind of failure and the path to it, without any value, for example {@code
     *     InvalidDefinitionException at Order.lines}
     * @return the exception to throw
     */
    public static CodecException unwritable(String type, String mediaType, String reason) {
        return new CodecException(
                "MECHA-C201",
                "A value of type %s could not be written as %s: %s.".formatted(type, mediaType, reason),
                "Make every property of the type serialisable, or choose another type.");
    }

    /**
     * Report bytes that could not be read.
     *
     * @param type the declared type
     * @param mediaType the media type asked for
     * @param reason kind of failure and the path to it, without any value
     * @return the exception to throw
     */
    public static CodecException unreadable(String type, String mediaType, String reason) {
        return new CodecException(
                "MECHA-C202",
                "Bytes could not be read as %s of type %s: %s.".formatted(mediaType, type, reason),
                "Read them with the type that wrote them, or make the type accept the older form.");
    }
}
