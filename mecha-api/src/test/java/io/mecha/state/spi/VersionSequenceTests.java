// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VersionSequenceTests {

    @Test
    void neverRepeatsAcrossThreadsAndInstances() {
        Set<String> versions = ConcurrentHashMap.newKeySet();
        VersionSequence first = new VersionSequence();
        VersionSequence second = new VersionSequence();

        IntStream.range(0, 10_000).parallel().forEach(round -> {
            versions.add(first.next());
            versions.add(second.next());
        });

        assertThat(versions).hasSize(20_000);
    }

    @Test
    void fitsIntoItsMaximumLength() {
        assertThat(new VersionSequence().next())
                .matches("[0-9a-z]+-[0-9a-z]+")
                .hasSizeLessThanOrEqualTo(VersionSequence.MAXIMUM_LENGTH - 12);
    }
}
