// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.configuration;

import io.mecha.lifecycle.ConfigurationChange;
import java.util.Set;
import org.springframework.core.env.Environment;

/** A part of the application that takes over new settings while it runs. */
@FunctionalInterface
public interface ReloadFollower {

    /**
     * Look at settings that are to be put into force, and change nothing yet.
     *
     * @param environment the configuration to come
     * @param change what changes
     * @return what is to be done once all have agreed
     * @throws RuntimeException if the settings are wrong, so that the whole change is rejected
     */
    Prepared prepare(Environment environment, ConfigurationChange change);

    /**
     * Settings that a follower has read and found right.
     *
     * @param keys of the keys that change, those that it takes over
     * @param action takes them over; called once at most, and does not fail
     */
    record Prepared(Set<String> keys, Runnable action) {

        /** Nothing to be done. */
        public static final Prepared NOTHING = new Prepared(Set.of(), () -> {});

        public Prepared {
            keys = Set.copyOf(keys);
        }
    }
}
