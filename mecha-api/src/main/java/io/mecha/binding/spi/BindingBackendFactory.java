// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

import io.mecha.spi.ComponentSettings;

/**
 * A factory of backends of one type; found by the type's id.
 *
 * @since 1.0
 */
public interface BindingBackendFactory {

    /**
     * Return the id that selects this factory in {@code mecha.bindings.channels.<name>.type}.
     *
     * @return lower-case letters, digits and hyphens, for example {@code kafka}
     */
    String type();

    /**
     * Make the backend of a channel.
     *
     * @param settings what the channel is configured with
     * @return a new backend, whether or not its server can be reached
     * @throws io.mecha.InvalidConfigurationException if the settings cannot work
     */
    BindingBackend create(Settings settings);

    /**
     * The configuration of a channel.
     *
     * @since 1.0
     */
    interface Settings extends ComponentSettings {

        /**
         * Return the name of the channel, for messages.
         *
         * @return the name
         */
        String channel();

        /**
         * Return where the channel leads: a topic, a queue, an address.
         *
         * @return the destination; the name of the channel unless configured
         */
        String destination();

        /**
         * Tell whether nobody configured the channel: it is for the dead letters, the replies or the outbox of another one, whose
         * options it has. What those say of one place on the server, such as the name of a queue, is not meant for it.
         *
         * @return whether the channel is made for another one
         */
        default boolean derived() {
            return false;
        }

        /**
         * Return the name of the application.
         *
         * @return the name, for what the server shows of its clients
         */
        String application();

        /**
         * Return the keys of the application, for backends that say something to each other in messages.
         *
         * @return keys that sign and verify
         */
        SigningKeys signingKeys();

        /**
         * Return the options of this type of backend: {@code mecha.bindings.<type>}, overridden by {@code
         * mecha.bindings.channels.<name>.<type>}.
         *
         * @param <O> the options
         * @param type a record; a component that is not configured is {@code null}, or {@code false} or {@code 0}
         * @return the options
         */
        @Override
        <O> O options(Class<O> type);
    }
}
