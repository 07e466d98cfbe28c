// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class ThrownTests {

    @Test
    void followsCausesOnceThoughTheyFormACircle() {
        RuntimeException first = new IllegalStateException("first");
        RuntimeException second = new IllegalArgumentException("second", first);
        first.initCause(second);

        assertThat(Thrown.chain(first)).containsExactly(first, second);
        assertThat(Thrown.find(first, IllegalArgumentException.class)).contains((IllegalArgumentException) second);
        assertThat(Thrown.loggable(first)).isNotSameAs(first).hasMessageContaining("IllegalStateException");
    }

    @Test
    void readsWhatCannotBeRead() {
        Throwable mute = new MuteException();

        assertThat(Thrown.chain(mute)).containsExactly(mute);
        assertThat(Thrown.message(mute)).isEmpty();
        assertThat(Thrown.describe(mute)).isEqualTo("MuteException");
        assertThat(Thrown.loggable(mute)).hasMessageContaining(MuteException.class.getName());
        Throwable outer = new IllegalStateException("outer", mute);
        assertThat(Thrown.loggable(outer))
                .isNotSameAs(outer)
                .hasMessageContaining("IllegalStateException")
                .hasNoCause();
    }

    @Test
    void leavesOrdinaryExceptionsAlone() {
        Throwable plain = new IllegalStateException("no stock", new IllegalArgumentException());
        plain.addSuppressed(new IllegalStateException("closing"));

        assertThat(Thrown.loggable(plain)).isSameAs(plain);
        assertThat(Thrown.describe(plain)).isEqualTo("IllegalStateException: no stock");
    }

    @Test
    void leavesManyExceptionsInOneAlone() {
        Throwable shared = new IllegalStateException("shared");
        Throwable many = new IllegalStateException("many", shared);
        for (int number = 0; number < 1000; number++) {
            many.addSuppressed(new IllegalStateException("one of many", shared));
        }
        Throwable deep = many;
        for (int level = 0; level < 50; level++) {
            deep = new IllegalStateException("level", deep);
            deep.addSuppressed(many);
        }

        assertThat(Thrown.loggable(deep)).isSameAs(deep);
        many.addSuppressed(deep);
        assertThat(Thrown.loggable(deep)).isNotSameAs(deep);
    }

    @Test
    void findsWhatAnotherThreadThrew() {
        Throwable cause = new IllegalStateException();

        assertThat(Thrown.unwrap(new CompletionException(new ExecutionException(cause))))
                .isSameAs(cause);
        assertThat(Thrown.unwrap(cause)).isSameAs(cause);
        assertThat(Thrown.unwrap(new CompletionException(null))).isInstanceOf(CompletionException.class);
    }

    @Test
    void cutsBetweenCharacters() {
        assertThat(Thrown.cut("ab\uD83D\uDE00", 3)).isEqualTo("ab");
        assertThat(Thrown.cut("ab\uD83D\uDE00", 4)).isEqualTo("ab\uD83D\uDE00");
        assertThat(Thrown.message(new IllegalStateException("x".repeat(5000)))).hasSize(1024);
    }

    /** An exception that fails at everything. */
    private static final class MuteException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("message");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new StackOverflowError();
        }

        @Override
        public String toString() {
            throw new IllegalStateException("text");
        }
    }
}
