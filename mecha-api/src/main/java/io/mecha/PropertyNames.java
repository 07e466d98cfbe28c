// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha;

import java.util.regex.Pattern;

/**
 * The names of properties of components, as messages write them and users can copy them: {@code mecha.bindings.channels.orders.type},
 * but {@code mecha.bindings.channels[orders.dead].type}, since a dot would begin another level.
 *
 * @since 1.0
 */
public final class PropertyNames {

    private static final Pattern PLAIN = Pattern.compile("[a-z0-9][a-z0-9-]*");
    private static final String CHANNELS = "mecha.bindings.channels";
    private static final String STORES = "mecha.state.stores";

    private PropertyNames() {}

    /**
     * Name what is configured for a channel.
     *
     * @param channel name of the channel
     * @return what its properties begin with
     */
    public static String channel(String channel) {
        return component(CHANNELS, channel);
    }

    /**
     * Name a property of a channel.
     *
     * @param channel name of the channel
     * @param key the rest of the name, for example {@code in.group}
     * @return the name of the property
     */
    public static String channel(String channel, String key) {
        return channel(channel) + "." + key;
    }

    /**
     * Name what is configured for a state store.
     *
     * @param store name of the store
     * @return what its properties begin with
     */
    public static String store(String store) {
        return component(STORES, store);
    }

    /**
     * Name a property of a state store.
     *
     * @param store name of the store
     * @param key the rest of the name, for example {@code key-prefix}
     * @return the name of the property
     */
    public static String store(String store, String key) {
        return store(store) + "." + key;
    }

    /**
     * Name a component below a map of components.
     *
     * @param map name of the map, for example {@code mecha.state.stores}
     * @param component name of the component
     * @return the name of the property
     */
    public static String component(String map, String component) {
        return PLAIN.matcher(component).matches() ? map + "." + component : map + "[" + component + "]";
    }
}
