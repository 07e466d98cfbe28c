// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.configuration;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The names below {@code mecha} in the configuration metadata of everything on the class path, as a tree of their elements: what an
 * IDE suggests. A module makes its names known by its metadata alone.
 */
final class ConfigurationMetadata {

    private static final Logger logger = LoggerFactory.getLogger(ConfigurationMetadata.class);
    private static final String RESOURCE = "META-INF/spring-configuration-metadata.json";

    private final Map<String, ConfigurationMetadata> children = new TreeMap<>();

    /** Whether it is a property itself, of a value, a list or a map, below which every key is as good as another. */
    private boolean property;

    /** Reads what there is, which takes some milliseconds: only where a name is in question. */
    static ConfigurationMetadata read() {
        ConfigurationMetadata root = new ConfigurationMetadata();
        try {
            ClassLoader loader = ClassUtils.getDefaultClassLoader();
            for (URL resource :
                    loader == null ? Collections.<URL>emptyList() : Collections.list(loader.getResources(RESOURCE))) {
                root.add(resource);
            }
        } catch (IOException unreadable) {
            logger.debug("The configuration metadata could not be listed", unreadable);
        }
        return root;
    }

    private void add(URL resource) {
        try (InputStream in = resource.openStream()) {
            JsonNode metadata = JsonMapper.shared().readTree(in);
            metadata.path("properties").forEach((entry) -> add(entry, true));
            metadata.path("groups").forEach((entry) -> add(entry, false));
        } catch (IOException | RuntimeException unreadable) { // allow CatchException: as good as none
            logger.debug("The configuration metadata {} could not be read", resource, unreadable);
        }
    }

    private void add(JsonNode entry, boolean property) {
        String name = entry.path("name").asString("");
        if (name.startsWith("mecha.") && ConfigurationPropertyName.isValid(name)) {
            ConfigurationPropertyName known = ConfigurationPropertyName.of(name);
            ConfigurationMetadata node = this;
            for (int index = 1; index < known.getNumberOfElements(); index++) {
                node = node.children.computeIfAbsent(
                        known.getElement(index, Form.DASHED), (element) -> new ConfigurationMetadata());
            }
            node.property |= property;
        }
    }

    /** Returns the names one element below this one. */
    Collection<String> keys() {
        return children.keySet();
    }

    /** Tells whether every name below this one is known. */
    boolean isOpen() {
        return property || children.isEmpty();
    }

    /** Finds what an element of a name leads to. */
    @Nullable ConfigurationMetadata child(String uniform) {
        return children.entrySet().stream()
                .filter((entry) -> KnownKeys.uniform(entry.getKey()).equals(uniform))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }
}
