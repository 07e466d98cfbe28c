// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReplyTests {

    @Test
    void describesAProblemInJsonWhateverTheReasonSays() {
        String reason = "The header 'ce-\"x\\' has different values:\n\u0001";

        JsonNode problem = new JsonMapper().readTree(Reply.badRequest(reason).problem());

        assertThat(problem.get("title").asString()).isEqualTo("Bad Request");
        assertThat(problem.get("status").asInt()).isEqualTo(400);
        assertThat(problem.get("detail").asString()).isEqualTo(reason);
    }
}
