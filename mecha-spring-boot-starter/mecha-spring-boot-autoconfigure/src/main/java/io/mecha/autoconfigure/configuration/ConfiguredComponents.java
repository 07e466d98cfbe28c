// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.configuration;

import io.mecha.Mistake;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * The components of one kind that the configuration names: all of them are made, or none.
 *
 * @param <C> what is made of a component
 * @since 1.0
 */
public final class ConfiguredComponents<C> {

    private final Collection<String> names;
    private final BiFunction<String, MistakeCollector, Optional<C>> maker;
    private final Consumer<C> closer;
    private final MistakeCollector found;
    private boolean checked;

    /**
     * Prepare to make components.
     *
     * @param names names of the components
     * @param maker makes the component of a name, and collects what is wrong with it
     * @param closer closes what was made in vain
     * @param found collects all mistakes of the kind, those found before included
     */
    public ConfiguredComponents(
            Collection<String> names,
            BiFunction<String, MistakeCollector, Optional<C>> maker,
            Consumer<C> closer,
            MistakeCollector found) {
        this.names = names;
        this.maker = maker;
        this.closer = closer;
        this.found = found;
    }

    /**
     * Make every component.
     *
     * @return the components, in order of the names
     * @throws io.mecha.InvalidConfigurationException if anything is wrong with any of them; then none is left open
     */
    public List<C> create() {
        List<C> components = createAll();
        if (!found.isEmpty()) {
            components.forEach(closer);
            found.throwIfAny();
        }
        return components;
    }

    /**
     * Look for mistakes, and keep no component.
     *
     * @return what is wrong with the configuration of the kind
     */
    public List<Mistake> check() {
        if (!checked) {
            createAll().forEach(closer);
        }
        return found.mistakes();
    }

    private List<C> createAll() {
        checked = true;
        List<C> components = new ArrayList<>();
        names.forEach((name) -> maker.apply(name, found).ifPresent(components::add));
        return components;
    }
}
