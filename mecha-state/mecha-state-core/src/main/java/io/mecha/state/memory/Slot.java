// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import io.mecha.runtime.ElapsedTime;
import io.mecha.state.spi.Entry;
import org.jspecify.annotations.Nullable;

/** The slot of a key. Compared by identity, so that replacing one for another is a compare-and-set. */
abstract sealed class Slot {

    /** Return what a reader finds now, expired or not. */
    abstract @Nullable Entry entry();

    /** Return the value that a reader finds now, expired or not. */
    abstract @Nullable Stored stored();

    /** A value. */
    static final class Stored extends Slot {

        private static final long NEVER = Long.MAX_VALUE;

        private final Entry entry;
        private final long end;

        private Stored(Entry entry, long end) {
            this.entry = entry;
            this.end = end;
        }

        /** Make a value that stays. */
        static Stored lasting(Entry entry) {
            return new Stored(entry, NEVER);
        }

        /** Make a value that expires at some nanosecond of elapsed time. */
        static Stored passing(Entry entry, long end) {
            return new Stored(entry, end);
        }

        boolean expires() {
            return end != NEVER;
        }

        boolean isExpired(ElapsedTime time) {
            return end != NEVER && time.nanos() >= end;
        }

        @Override
        Stored stored() {
            return this;
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
        @Nullable Stored stored() {
            return outcome();
        }

        @Override
        @Nullable Entry entry() {
            Stored outcome = outcome();
            return outcome == null ? null : outcome.entry();
        }
    }
}
