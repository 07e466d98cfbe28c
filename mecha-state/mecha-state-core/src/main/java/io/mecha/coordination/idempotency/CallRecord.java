// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.idempotency;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The record of a call under its key: how far it is, what it is, and what came out.
 *
 * <p>One byte for the form, one for the state, the fingerprint with its length before it, the result.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
record CallRecord(State state, byte[] fingerprint, byte[] result) {

    private static final byte FORM = 1;
    private static final byte[] NOTHING = {};
    private static final int HEAD = 3;

    /** The most bytes that a record has besides the result. */
    static final int OVERHEAD = HEAD + 255;

    /** The progress of a call, each with the letter that is stored. */
    enum State {
        /** It runs, or its node ended. */
        PENDING('P'),
        /** A transaction of it is committed, and its result is not known. */
        DONE('D'),
        /** Its result is known. */
        COMPLETE('C');

        private final byte letter;

        State(char letter) {
            this.letter = (byte) letter;
        }

        private static State of(byte letter) {
            if (letter == COMPLETE.letter) {
                return COMPLETE;
            }
            return letter == PENDING.letter ? PENDING : DONE;
        }
    }

    static CallRecord of(State state, byte[] fingerprint) {
        return new CallRecord(state, fingerprint, NOTHING);
    }

    boolean isOf(byte[] other) {
        return fingerprint.length == 0 || Arrays.equals(fingerprint, other);
    }

    byte[] bytes() {
        return ByteBuffer.allocate(HEAD + fingerprint.length + result.length)
                .put(FORM)
                .put(state.letter)
                .put((byte) fingerprint.length)
                .put(fingerprint)
                .put(result)
                .array();
    }

    /** Reads a record; what a later version has written counts as done, since nobody may run it again. */
    static CallRecord read(byte[] bytes) {
        if (bytes.length < HEAD || bytes[0] != FORM) {
            return of(State.DONE, NOTHING);
        }
        int end = HEAD + (bytes[2] & 0xFF);
        return new CallRecord(
                State.of(bytes[1]), Arrays.copyOfRange(bytes, HEAD, end), Arrays.copyOfRange(bytes, end, bytes.length));
    }
}
