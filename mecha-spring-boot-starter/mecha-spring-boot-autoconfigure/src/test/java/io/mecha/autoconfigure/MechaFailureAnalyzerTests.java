// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.state.UnknownStateStoreException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.diagnostics.FailureAnalysis;

class MechaFailureAnalyzerTests {

    private final MechaFailureAnalyzer analyzer = new MechaFailureAnalyzer(null);

    @Test
    void listsEveryMistakeAndEveryAction() {
        FailureAnalysis analysis = analyzer.analyze(new BeanCreationException(
                "stores",
                "failed",
                new InvalidConfigurationException(List.of(
                        new Mistake("MECHA-C002", "a.b", "'x' is not a number.", "Set a.b to a number."),
                        new Mistake("MECHA-C003", "a.c", "Nothing reads 'c' here.", "Did you mean 'd'?")))));

        assertThat(analysis).isNotNull();
        assertThat(analysis.getDescription()).isEqualToNormalizingNewlines("""
            The configuration of Mecha has 2 mistakes:

                MECHA-C002: a.b
                    'x' is not a number.
                MECHA-C003: a.c
                    Nothing reads 'c' here.
            """);
        assertThat(analysis.getAction()).isEqualToNormalizingNewlines("Set a.b to a number.\nDid you mean 'd'?");
    }

    @Test
    void showsTheSentencesOfAnyOtherFailure() {
        FailureAnalysis analysis =
                analyzer.analyze(new BeanCreationException("x", "y", new UnknownStateStoreException("a", List.of())));

        assertThat(analysis).isNotNull();
        assertThat(analysis.getDescription())
                .isEqualTo("MECHA-S101: State store 'a' is not configured; known stores: [].");
        assertThat(analysis.getAction())
                .isEqualTo("Set mecha.state.stores.a.type, or set mecha.state.default-type to a type other than none.");
    }
}
