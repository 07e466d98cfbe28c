// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.MechaException;
import io.mecha.Mistake;
import io.mecha.autoconfigure.configuration.PropertyOrigins;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;

/** A report of what Mecha found wrong while the application started: the same sentences as in the exception. */
final class MechaFailureAnalyzer extends AbstractFailureAnalyzer<MechaException> {

    private final @Nullable Environment environment;

    /**
     * Prepares to report.
     *
     * @param environment knows where properties are set; {@code null} before there is a context
     */
    MechaFailureAnalyzer(@Nullable Environment environment) {
        this.environment = environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, MechaException cause) {
        if (cause instanceof InvalidConfigurationException invalid
                && !invalid.mistakes().isEmpty()) {
            return new FailureAnalysis(describe(invalid.mistakes()), advise(invalid.mistakes()), cause);
        }
        return new FailureAnalysis(cause.code() + ": " + cause.problem(), cause.action(), cause);
    }

    private String describe(List<Mistake> mistakes) {
        String heading = mistakes.size() == 1
                ? "The configuration of Mecha has a mistake:"
                : "The configuration of Mecha has %d mistakes:".formatted(mistakes.size());
        return mistakes.stream()
                .map((mistake) -> "    %s: %s%s%n        %s"
                        .formatted(mistake.code(), mistake.property(), origin(mistake), mistake.problem()))
                .collect(Collectors.joining("%n".formatted(), "%s%n%n".formatted(heading), "%n".formatted()));
    }

    private String origin(Mistake mistake) {
        Origin origin = environment == null ? null : PropertyOrigins.find(environment, mistake.property());
        return origin == null || mistake.problem().contains(origin.toString()) ? "" : " (" + origin + ")";
    }

    private static String advise(List<Mistake> mistakes) {
        return mistakes.stream().map(Mistake::action).distinct().collect(Collectors.joining("%n".formatted()));
    }
}
