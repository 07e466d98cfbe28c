// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.MechaException;
import io.mecha.Mistake;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** A report of what Mecha found wrong while the application started: the same sentences as in the exception. */
final class MechaFailureAnalyzer extends AbstractFailureAnalyzer<MechaException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, MechaException cause) {
        if (cause instanceof InvalidConfigurationException invalid
                && !invalid.mistakes().isEmpty()) {
            return new FailureAnalysis(describe(invalid.mistakes()), advise(invalid.mistakes()), cause);
        }
        return new FailureAnalysis(cause.code() + ": " + cause.problem(), cause.action(), cause);
    }

    private static String describe(List<Mistake> mistakes) {
        String heading = mistakes.size() == 1
                ? "The configuration of Mecha has a mistake:"
                : "The configuration of Mecha has %d mistakes:".formatted(mistakes.size());
        return mistakes.stream()
                .map((mistake) ->
                        "    %s: %s%n        %s".formatted(mistake.code(), mistake.property(), mistake.problem()))
                .collect(Collectors.joining("%n".formatted(), "%s%n%n".formatted(heading), "%n".formatted()));
    }

    private static String advise(List<Mistake> mistakes) {
        return mistakes.stream().map(Mistake::action).distinct().collect(Collectors.joining("%n".formatted()));
    }
}
