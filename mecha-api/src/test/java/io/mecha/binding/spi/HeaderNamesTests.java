// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderNamesTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ce-",
                "ce-id",
                "ce_id",
                "cloudEvents:id",
                "cloudEvents_id",
                "content-type",
                "mecha-mark",
                "mecha-"
            })
    void keepsTheNamesOfProtocolsInAnyCase(String name) {
        assertThat(HeaderNames.isReserved(name)).isTrue();
        assertThat(HeaderNames.isReserved(name.toUpperCase(Locale.ROOT))).isTrue();
        assertThat(HeaderNames.isReserved(name.toLowerCase(Locale.ROOT))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "c",
                "ce",
                "mecha",
                "cell",
                "center",
                "cloudevents",
                "cloudevent:id",
                "content-types",
                "content-language",
                "x-ce-id",
                "mechanic",
                "x-request-id"
            })
    void leavesOtherNames(String name) {
        assertThat(HeaderNames.isReserved(name)).isFalse();
        assertThat(HeaderNames.isReserved(name.toUpperCase(Locale.ROOT))).isFalse();
    }
}
