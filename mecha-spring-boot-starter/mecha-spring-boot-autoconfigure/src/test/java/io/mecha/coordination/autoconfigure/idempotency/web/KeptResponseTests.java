// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeptResponseTests {

    @Test
    void readsWhatItWritesOfAnySize() {
        byte[] body = "tea".getBytes(StandardCharsets.UTF_8);
        String large = "\u00e9".repeat(70_000);
        KeptResponse response = new KeptResponse(201, large, "text/plain", Map.of("X-Large", List.of(large, "")), body);

        KeptResponse read = KeptResponse.read(response.bytes());

        assertThat(read.status()).isEqualTo(201);
        assertThat(read.error()).isEqualTo(large);
        assertThat(read.contentType()).isEqualTo("text/plain");
        assertThat(read.headers()).isEqualTo(response.headers());
        assertThat(read.body()).isEqualTo(body);
        assertThat(read.headSize()).isEqualTo(2 * 70_000 + "X-Large".length() + "text/plain".length());
    }
}
