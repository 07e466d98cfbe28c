// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mecha.codec.GenericType;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommonTypesTests {

    @Test
    void neverPrintsASecret() {
        assertThat(Secret.of("s3cret")).hasToString("******");
        assertThat(Secret.of("s3cret").reveal()).isEqualTo("s3cret");
        assertThat(Secret.of("s3cret")).isEqualTo(Secret.of("s3cret")).hasSameHashCodeAs(Secret.of("s3cret"));
    }

    @Test
    void boundsThePageSize() {
        assertThatIllegalArgumentException().isThrownBy(() -> PageRequest.first(0));
        assertThatIllegalArgumentException().isThrownBy(() -> PageRequest.first(PageRequest.MAXIMUM_SIZE + 1));
        assertThat(PageRequest.first(5).at("t")).isEqualTo(new PageRequest(5, "t"));
    }

    @Test
    void mapsItemsAndKeepsThePosition() {
        PageRequest next = PageRequest.first(2).at("t");

        Page<Integer> page = new Page<>(List.of("a", "bb"), next).map(String::length);

        assertThat(page.items()).containsExactly(1, 2);
        assertThat(page.next()).contains(next);
    }

    @Test
    void listsEveryMistakeInOneMessage() {
        InvalidConfigurationException exception = new InvalidConfigurationException(List.of(
                new Mistake("MECHA-S102", "a.type", "Type 'x' is unknown.", "Set a.type."),
                new Mistake("MECHA-S103", "b.ttl", "Time is negative.", "Set b.ttl.")));

        assertThat(exception.mistakes()).hasSize(2);
        assertThat(exception)
                .hasMessage(
                        "MECHA-C001: MECHA-S102: Type 'x' is unknown. [a.type] MECHA-S103: Time is negative. [b.ttl]"
                                + " Set a.type. Set b.ttl.");
        assertThatIllegalArgumentException().isThrownBy(() -> new InvalidConfigurationException(List.of()));
    }

    @Test
    void capturesATypeArgument() {
        assertThat(new GenericType<List<String>>() {}.type().getTypeName())
                .isEqualTo("java.util.List<java.lang.String>");
    }

    @Test
    @SuppressWarnings("rawtypes") // the mistake under test
    void refusesAGenericTypeWithoutAnArgument() {
        assertThatIllegalArgumentException().isThrownBy(() -> new GenericType() {});
    }
}
