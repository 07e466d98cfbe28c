// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.configuration;

import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * A kind of component: where it is configured, and its name in messages.
 *
 * @param <P> record of all properties of the primitive
 * @param <C> record of the properties of one component
 * @param root what the properties begin with, for example {@code mecha.state}
 * @param map the key below the root that holds the components by name, for example {@code stores}
 * @param noun what a component is called, for example {@code state store}
 * @param codes codes of mistakes
 * @param defaults the properties if none is set
 * @param componentDefaults the properties of a component that sets none
 * @param components finds the components, by name
 * @since 1.0
 */
public record ComponentKind<P extends Record, C extends Record>(
        String root,
        String map,
        String noun,
        ComponentCodes codes,
        P defaults,
        C componentDefaults,
        Function<P, Map<String, C>> components) {

    public ComponentKind {
        Objects.requireNonNull(root, "root");
        Objects.requireNonNull(map, "map");
        Objects.requireNonNull(noun, "noun");
        Objects.requireNonNull(codes, "codes");
        Objects.requireNonNull(defaults, "defaults");
        Objects.requireNonNull(componentDefaults, "componentDefaults");
        Objects.requireNonNull(components, "components");
    }

    @SuppressWarnings("unchecked") // the class of a value of the type
    Class<P> propertiesType() {
        return (Class<P>) defaults.getClass();
    }

    /**
     * Begin to collect mistakes in the configuration of this kind.
     *
     * @return a collector that takes a component without settings as one with every default
     */
    public MistakeCollector mistakes() {
        return new MistakeCollector(Map.of(componentDefaults.getClass(), componentDefaults));
    }
}
