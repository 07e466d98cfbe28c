// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc.autoconfigure;

import io.mecha.PropertyNames;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * The options of all components of type {@code jdbc} that the configuration names, read before the first of them is made.
 *
 * <p>What cannot be read is left out: making the component reports it, together with all other mistakes.
 */
public final class TableOptions {

    private static final Logger LOG = LoggerFactory.getLogger(TableOptions.class);
    private static final String TYPE = "jdbc";
    private static final String BOUND = "options";

    private final Binder binder;
    private final String root;
    private final String map;
    private final String[] switches;

    /**
     * Read the components of a primitive.
     *
     * @param environment where they are configured
     * @param root what the properties of the primitive begin with, for example {@code mecha.state}
     * @param map name of its map of components, for example {@code stores}
     * @param switches properties of a component that need the tables when they are true, whatever its type
     */
    public TableOptions(Environment environment, String root, String map, String... switches) {
        this.binder = Binder.get(environment);
        this.root = root;
        this.map = root + "." + map;
        this.switches = switches.clone();
    }

    /**
     * Return the options of each component.
     *
     * @param <O> the options
     * @param options a record
     * @return names of components to their options; if the type is the default, also that property to the shared options
     */
    public <O> Map<String, O> read(Class<O> options) {
        Map<String, O> found = new LinkedHashMap<>();
        try {
            read(options, found);
        } catch (BindException unreadable) {
            LOG.debug("Not all of {} can be read", map, unreadable);
        }
        return found;
    }

    private <O> void read(Class<O> options, Map<String, O> found) {
        boolean byDefault = TYPE.equals(text(root + ".default-type", ""));
        if (byDefault) {
            found.put(root + ".default-type", bind(root, options));
        }
        for (String name : binder.bind(map, Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of())
                .keySet()) {
            String component = PropertyNames.component(map, name);
            if (text(component + ".type", byDefault ? TYPE : "").equals(TYPE) || isSwitchedOn(component)) {
                found.put(name, bind(component, options));
            }
        }
    }

    private boolean isSwitchedOn(String component) {
        for (String key : switches) {
            if (text(component + "." + key, "").equalsIgnoreCase("true")) {
                return true;
            }
        }
        return false;
    }

    private String text(String property, String otherwise) {
        return binder.bind(property, String.class).orElse(otherwise);
    }

    private <O> O bind(String component, Class<O> options) {
        return new Binder(source(component), source(root)).bindOrCreate(BOUND, Bindable.of(options));
    }

    private MapConfigurationPropertySource source(String prefix) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        binder.bind(prefix + "." + TYPE, Bindable.mapOf(String.class, String.class))
                .orElse(Map.of())
                .forEach((key, value) -> source.put(BOUND + "." + key, value));
        return source;
    }
}
