// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.configuration;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A check of the configuration of one primitive, without starting anything: those that found mistakes in theirs ask, so
 * that all are reported at once.
 *
 * @since 1.0
 */
@FunctionalInterface
public interface ConfigurationCheck {

    /**
     * Look for mistakes.
     *
     * @return what is wrong
     */
    List<Mistake> mistakes();

    /**
     * Add what others find to a failure.
     *
     * @param invalid what was found
     * @param more what else is wrong with the same primitive
     * @param others the checks of all primitives; what is known already is left out
     * @return a failure with all mistakes
     */
    static InvalidConfigurationException all(
            InvalidConfigurationException invalid, List<Mistake> more, Stream<ConfigurationCheck> others) {
        List<Mistake> mistakes = new ArrayList<>(invalid.mistakes());
        mistakes.addAll(more);
        others.forEach((check) -> {
            try {
                mistakes.addAll(check.mistakes());
            } catch (RuntimeException failure) { // allow CatchException: must not hide what was found
                invalid.addSuppressed(failure);
            }
        });
        return new InvalidConfigurationException(mistakes.stream().distinct().toList(), invalid.getCause());
    }
}
