// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

/**
 * The state of a name: its last grant. Compared by identity, so that replacing one for another is a compare-and-set.
 */
final class Term {

    private final String owner;
    private final long token;
    private final long end;
    private final int fences;

    private Term(String owner, long token, long end, int fences) {
        this.owner = owner;
        this.token = token;
        this.end = end;
        this.fences = fences;
    }

    /** Begin at a grant, until some nanosecond of elapsed time. */
    static Term granted(String owner, long token, long end) {
        return new Term(owner, token, end, 0);
    }

    long token() {
        return token;
    }

    long end() {
        return end;
    }

    boolean isLive(long now) {
        return now < end;
    }

    boolean isOf(String other) {
        return owner.equals(other);
    }

    /** Tell whether a transaction relies on this to be the last grant. */
    boolean isFenced() {
        return fences > 0;
    }

    Term until(long other) {
        return new Term(owner, token, other, fences);
    }

    Term withFence() {
        return new Term(owner, token, end, fences + 1);
    }

    Term withoutFence() {
        return new Term(owner, token, end, fences - 1);
    }
}
