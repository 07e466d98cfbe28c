// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.autoconfigure.Metadata;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The help that an IDE shows. Also writes {@code target/properties-state.md}, the table of all properties, for the user guide. */
class StateMetadataTests {

    @Test
    void describesEveryProperty() {
        assertThat(Metadata.properties(""))
                .containsKeys(
                        "mecha.data-directory",
                        "mecha.health.timeout",
                        "mecha.state.enabled",
                        "mecha.state.default-type",
                        "mecha.state.key-prefix",
                        "mecha.state.stores",
                        "management.health.mecha.enabled");
        assertThat(Metadata.properties("")).allSatisfy((name, property) -> {
            String description = property.path("description").asString("");
            assertThat(description).as(name).endsWith(".").doesNotContain("{@").hasSizeGreaterThan(15);
        });
    }

    @Test
    void hintsAtValues() {
        assertThat(Metadata.hints()).contains("mecha.state.default-type", "mecha.state.key-prefix");
    }

    @Test
    void describesEverySettingOfAStore() {
        Map<String, String> table = new Metadata("mecha.state").table("stores", StateProperties.Store.class);

        assertThat(table)
                .containsKeys(
                        "mecha.state.stores.<name>.type",
                        "mecha.state.stores.<name>.near-cache.maximum-size",
                        "mecha.state.stores.<name>.encryption.previous-keys",
                        "mecha.state.stores.<name>.health.enabled");
        Metadata.write("properties-state.md", table);
    }
}
