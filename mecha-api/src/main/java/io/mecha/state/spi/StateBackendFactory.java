// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.spi;

import io.mecha.spi.ComponentSettings;

/**
 * A factory of backends of one type; found by the type's id.
 *
 * @since 1.0
 */
public interface StateBackendFactory {

    /**
     * Return the id that selects this factory in {@code mecha.state.stores.<name>.type}.
     *
     * @return lower-case letters, digits and hyphens, for example {@code redis}
     */
    String type();

    /**
     * Tell whether several stores, or several applications, see the same keys through this type.
     *
     * @return {@code true} if keys need a prefix to be kept apart; {@code false} if each store has keys of its own
     */
    boolean sharesKeys();

    /**
     * Make a backend.
     *
     * @param settings what the store is configured with
     * @return a new backend, whether or not its server can be reached
     * @throws io.mecha.InvalidConfigurationException if the settings cannot work
     */
    StateBackend create(Settings settings);

    /**
     * The configuration of a store.
     *
     * @since 1.0
     */
    interface Settings extends ComponentSettings {

        /**
         * Return the name of the store, for messages.
         *
         * @return the name
         */
        String store();

        /**
         * Return the options of this type of backend: {@code mecha.state.<type>}, overridden by {@code
         * mecha.state.stores.<name>.<type>}.
         *
         * @param <O> the options
         * @param type a record; a component that is not configured is {@code null}, or {@code false} or {@code 0}
         * @return the options
         */
        @Override
        <O> O options(Class<O> type);

        /**
         * Tell whether somebody wants to be told of changes, so that writes must announce them.
         *
         * @return whether a near cache stands before this backend
         */
        boolean announcesChanges();
    }
}
