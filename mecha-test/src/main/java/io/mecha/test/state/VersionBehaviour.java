// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.state.Precondition;
import io.mecha.state.WriteResult.Conflict;
import io.mecha.state.WriteResult.Removed;
import io.mecha.state.spi.Mutation.Remove;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

abstract class VersionBehaviour extends StateGroup {

    VersionBehaviour(StateBackendContract contract) {
        super(contract);
    }

    @Test
    void returnsTheVersionThatIsRead() {
        String version = written(put("key", "value"));

        assertThat(version).isNotBlank();
        assertThat(stored("key").version()).isEqualTo(version);
        assertThat(backend().readAll(List.of("key")).get("key"))
                .extracting(entry -> entry.version())
                .isEqualTo(version);
    }

    @Test
    void keepsTheVersionWhileNobodyWrites() {
        String version = written(put("key", "value"));
        write(put("other", "value"));

        assertThat(stored("key").version()).isEqualTo(version);
    }

    @Test
    void changesTheVersionWithEveryWriteEvenOfTheSameValue() {
        List<String> versions = new ArrayList<>();

        for (int i = 0; i < 20; i++) {
            versions.add(written(put("key", "same")));
        }

        assertThat(versions).doesNotHaveDuplicates();
    }

    @Test
    void neverRepeatsAVersionOverRemovalAndRecreation() {
        List<String> versions = new ArrayList<>();

        for (int i = 0; i < 20; i++) {
            versions.add(written(put("key", "same")));
            write(remove("key"));
            String recreated = written(putIfAbsent("key", "same"));
            versions.add(recreated);
            versions.add(written(replace("key", "same", recreated)));
            write(remove("key", versions.get(versions.size() - 1)));
        }

        assertThat(versions).doesNotHaveDuplicates();
    }

    @Test
    void replacesTheVersionThatWasRead() {
        String version = written(put("key", "old"));

        String next = written(replace("key", "new", version));

        assertThat(next).isNotEqualTo(version);
        assertThat(stored("key").version()).isEqualTo(next);
        assertThat(text("key")).isEqualTo("new");
    }

    @Test
    void replacesAVersionThatWasReadInABulk() {
        write(put("key", "old"));
        String version =
                backend().readAll(List.of("key")).values().iterator().next().version();

        assertThat(write(replace("key", "new", version)).applied()).isTrue();
    }

    @Test
    void refusesToReplaceAStaleVersion() {
        String stale = written(put("key", "old"));
        String actual = written(put("key", "current"));

        assertThat(write(replace("key", "new", stale))).isEqualTo(new Conflict(stale, actual));

        assertThat(text("key")).isEqualTo("current");
        assertThat(stored("key").version()).isEqualTo(actual);
    }

    @Test
    void refusesToReplaceAMissingKey() {
        String version = written(put("key", "value"));
        write(remove("key"));

        assertThat(write(replace("key", "new", version))).isEqualTo(new Conflict(version, null));
        assertThat(write(replace("never", "new", version))).isEqualTo(new Conflict(version, null));

        assertThat(backend().readAll(List.of("key", "never"))).isEmpty();
    }

    @Test
    void refusesAVersionFromBeforeRemovalAndRecreation() {
        String before = written(put("key", "value"));
        write(remove("key"));
        String after = written(put("key", "value"));

        assertThat(write(replace("key", "new", before))).isEqualTo(new Conflict(before, after));
        assertThat(write(remove("key", before))).isEqualTo(new Conflict(before, after));

        assertThat(text("key")).isEqualTo("value");
    }

    @Test
    void refusesAVersionOfAnotherKey() {
        String other = written(put("other", "value"));
        String actual = written(put("key", "value"));

        assertThat(write(replace("key", "new", other))).isEqualTo(new Conflict(other, actual));
    }

    @Test
    void refusesAVersionThatIsNoVersionOfThisBackend() {
        String actual = written(put("key", "value"));

        for (String foreign : List.of(
                "no-version",
                "0",
                "-1",
                "99999999999999999999",
                "ünïcode 😀",
                "'",
                "*",
                actual + " ",
                "x".repeat(500))) {
            assertThat(write(replace("key", "new", foreign))).isEqualTo(new Conflict(foreign, actual));
            assertThat(write(remove("key", foreign))).isEqualTo(new Conflict(foreign, actual));
            assertThat(write(replace("never", "new", foreign))).isEqualTo(new Conflict(foreign, null));
        }
        assertThat(text("key")).isEqualTo("value");
    }

    @Test
    void removesTheVersionThatWasRead() {
        String version = written(put("key", "value"));

        assertThat(write(remove("key", version))).isEqualTo(new Removed(true));

        assertThat(backend().read("key")).isNull();
    }

    @Test
    void refusesToRemoveAStaleVersion() {
        String stale = written(put("key", "old"));
        String actual = written(put("key", "current"));

        assertThat(write(remove("key", stale))).isEqualTo(new Conflict(stale, actual));

        assertThat(text("key")).isEqualTo("current");
    }

    @Test
    void refusesToRemoveAVersionOfAMissingKey() {
        String version = written(put("key", "value"));
        write(remove("key"));

        assertThat(write(remove("key", version))).isEqualTo(new Conflict(version, null));
    }

    @Test
    void putsIfAbsentOnlyOnce() {
        String first = written(putIfAbsent("key", "first"));

        assertThat(write(putIfAbsent("key", "second"))).isEqualTo(new Conflict(null, first));

        assertThat(text("key")).isEqualTo("first");
        assertThat(stored("key").version()).isEqualTo(first);
    }

    @Test
    void putsIfAbsentAfterRemoval() {
        write(putIfAbsent("key", "first"));
        write(remove("key"));

        assertThat(write(putIfAbsent("key", "second")).applied()).isTrue();

        assertThat(text("key")).isEqualTo("second");
    }

    @Test
    void removesIfAbsentNothing() {
        assertThat(write(new Remove("key", Precondition.ABSENT))).isEqualTo(new Removed(false));
        String version = written(put("key", "value"));

        assertThat(write(new Remove("key", Precondition.ABSENT))).isEqualTo(new Conflict(null, version));

        assertThat(text("key")).isEqualTo("value");
    }
}
