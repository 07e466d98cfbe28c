// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import io.mecha.state.spi.Entry;
import org.jspecify.annotations.Nullable;

/** What a key maps to. Compared by identity, so that replacing one for another is a compare-and-set. */
abstract sealed class Slot {

    /** Return what a reader finds now, expired or not. */
    abstract @Nullable Entry entry();

    /** A value. */
    static final class Stored extends Slot {

        private final Entry entry;

        Stored(Entry entry) {
            this.entry = entry;
        }

        @Override
        Entry entry() {
            return entry;
        }
    }

    /** A key in the hands of a transaction. */
    static final class Held extends Slot {

        private final @Nullable Stored before;
        private final Hold hold;
        private @Nullable Stored after;

        Held(@Nullable Stored before, Hold hold) {
            this.before = before;
            this.after = before;
            this.hold = hold;
        }

        @Nullable Stored before() {
            return before;
        }

        Hold hold() {
            return hold;
        }

        /** Set what the key maps to once the transaction commits. */
        void become(@Nullable Stored slot) {
            after = slot;
        }

        /** Return what the key maps to once the transaction commits. */
        @Nullable Stored after() {
            return after;
        }

        /** Return what the key maps to when it is let go. */
        @Nullable Stored outcome() {
            return hold.isCommitted() ? after : before;
        }

        @Override
        @Nullable Entry entry() {
            Stored outcome = outcome();
            return outcome == null ? null : outcome.entry();
        }
    }
}
