// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.MechaException;
import io.mecha.Mistake;
import io.mecha.PropertyNames;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.autoconfigure.handler.HandlerMistakes;
import io.mecha.coordination.ElectionOptions;
import io.mecha.coordination.InvalidCoordinationRequestException;
import io.mecha.coordination.LockOptions;
import io.mecha.state.engine.StateStoreComponent;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The mistakes in the configuration and the annotations of locks and leaders. */
final class CoordinationMistakes {

    /** A method that cannot have the annotation, an attribute that cannot be used, and a placeholder. */
    static final HandlerMistakes METHODS = new HandlerMistakes("MECHA-K103", "MECHA-K104", "MECHA-K104");

    private static final String VALUE = "MECHA-K101";
    private static final String STORE = "MECHA-K102";

    private CoordinationMistakes() {}

    static LockOptions lockOptions(CoordinationProperties.Lock properties, MistakeCollector mistakes) {
        LockOptions options =
                change(LockOptions.defaults(), properties.lease(), LockOptions::lease, "lock.lease", mistakes);
        return change(options, properties.waitTimeout(), LockOptions::waitTimeout, "lock.wait-timeout", mistakes);
    }

    static ElectionOptions electionOptions(CoordinationProperties.Election properties, MistakeCollector mistakes) {
        ElectionOptions options = change(
                ElectionOptions.defaults(), properties.lease(), ElectionOptions::lease, "election.lease", mistakes);
        return change(options, properties.margin(), ElectionOptions::margin, "election.margin", mistakes);
    }

    private static <T> T change(
            T options,
            @Nullable Duration value,
            BiFunction<T, Duration, T> change,
            String key,
            MistakeCollector mistakes) {
        if (value == null) {
            return options;
        }
        try {
            return change.apply(options, value);
        } catch (InvalidCoordinationRequestException outOfBounds) {
            String property = CoordinationProperties.PREFIX + '.' + key;
            mistakes.add(new Mistake(
                    VALUE,
                    property,
                    "%s is out of bounds.".formatted(value),
                    "Set %s to %s".formatted(property, bounds(outOfBounds))));
            return options;
        }
    }

    private static String bounds(MechaException outOfBounds) {
        String action = outOfBounds.action();
        return action.startsWith("Use ") ? action.substring("Use ".length()) : action;
    }

    /** Makes the failure of a store that cannot keep leases. */
    static InvalidConfigurationException store(StateStoreComponent store, MechaException cause) {
        return new InvalidConfigurationException(
                List.of(new Mistake(
                        STORE,
                        CoordinationProperties.PREFIX + ".store",
                        "State store '%s' of type %s keeps no leases, which locks and leaders need."
                                .formatted(store.name(), store.type()),
                        "Set %s to one of embedded, jdbc, redis or memory, or %s.store to another store."
                                .formatted(PropertyNames.store(store.name(), "type"), CoordinationProperties.PREFIX))),
                cause);
    }
}
