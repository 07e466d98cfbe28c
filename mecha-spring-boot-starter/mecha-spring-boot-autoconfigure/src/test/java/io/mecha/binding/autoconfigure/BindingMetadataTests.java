// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.autoconfigure.Metadata;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The help that an IDE shows. Also writes {@code target/properties-bindings.md}, the table of all properties, for the user guide. */
class BindingMetadataTests {

    @Test
    void describesEveryProperty() {
        Map<String, JsonNode> ofTypes = Metadata.properties("mecha.bindings.memory.");
        ofTypes.putAll(Metadata.properties("mecha.bindings.timer."));
        Map<String, JsonNode> own = Metadata.properties("mecha.bindings");
        own.keySet().removeAll(ofTypes.keySet());

        assertThat(ofTypes).containsKeys("mecha.bindings.memory.capacity", "mecha.bindings.timer.cron");
        assertThat(own)
                .containsOnlyKeys(
                        "mecha.bindings.enabled",
                        "mecha.bindings.default-type",
                        "mecha.bindings.keep-alive",
                        "mecha.bindings.run-to-completion",
                        "mecha.bindings.channels",
                        "mecha.bindings.signing-key",
                        "mecha.bindings.previous-signing-keys");
    }

    @Test
    void hintsAtValues() {
        assertThat(Metadata.hints()).contains("mecha.bindings.default-type");
    }

    @Test
    void describesEverySettingOfAChannel() {
        Map<String, String> table = new Metadata("mecha.bindings").table("channels", BindingProperties.Channel.class);

        assertThat(table)
                .containsKeys(
                        "mecha.bindings.channels.<name>.type",
                        "mecha.bindings.channels.<name>.in.retry.backoff.initial",
                        "mecha.bindings.channels.<name>.in.inbox.store",
                        "mecha.bindings.channels.<name>.in.batch.linger",
                        "mecha.bindings.channels.<name>.out.outbox",
                        "mecha.bindings.channels.<name>.health.enabled");
        Metadata.write("properties-bindings.md", table);
    }
}
