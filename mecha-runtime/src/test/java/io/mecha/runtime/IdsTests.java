// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IdsTests {

    @Test
    void drawsNumbersBetweenBounds() {
        assertThat(LongStream.range(0, 1_000).map(any -> Ids.random(-3, -1)).boxed())
                .containsOnly(-3L, -2L);
    }

    @Test
    void makesIdsThatNeverRepeat() {
        Ids one = new Ids();
        Ids other = new Ids();

        List<String> ids = IntStream.range(0, 5000)
                .boxed()
                .flatMap(index -> Stream.of(one.next(), other.next()))
                .toList();

        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9a-z]{1,19}-[0-9a-v]{1,13}"));
    }

    @Test
    void makesIdsThatBeginWithItsPrefix() {
        Ids ids = new Ids();

        assertThat(ids.next()).startsWith(ids.prefix());
        assertThat(Ids.random()).hasSize(36).isNotEqualTo(Ids.random());
    }
}
