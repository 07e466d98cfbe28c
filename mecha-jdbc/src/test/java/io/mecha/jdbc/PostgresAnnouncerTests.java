// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PostgresAnnouncerTests {

    @Test
    void packsKeysIntoFewNotifications() {
        List<String> keys = IntStream.range(0, 5_000).mapToObj(i -> "käse-" + i).toList();

        List<String> payloads = PostgresAnnouncer.payloads(keys);

        assertThat(payloads)
                .hasSizeLessThan(10)
                .allSatisfy(payload ->
                        assertThat(payload.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(8_000));
        assertThat(payloads.stream().flatMap(String::lines)).containsExactlyElementsOf(keys);
    }

    @Test
    void saysThatAKeyWasMissedIfItDoesNotFit() {
        List<String> keys = List.of("a", "k".repeat(8_000), "b");

        assertThat(PostgresAnnouncer.payloads(keys).stream().flatMap(String::lines))
                .containsExactly("a", PostgresListener.MISSED, "b");
    }
}
