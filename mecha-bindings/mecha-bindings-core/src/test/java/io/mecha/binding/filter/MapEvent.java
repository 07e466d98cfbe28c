// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.filter;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An event of which attributes and fields are set one by one. */
final class MapEvent implements Filterable {

    private final Map<String, Object> attributes = new HashMap<>();
    private final Map<List<String>, Object> fields = new HashMap<>();

    /** Begins with the attributes that every event has. */
    static MapEvent event() {
        return new MapEvent()
                .with("specversion", "1.0")
                .with("id", "4711")
                .with("source", "/warehouse/7")
                .with("type", "stock.reserved");
    }

    MapEvent with(String name, Object value) {
        attributes.put(name, value);
        return this;
    }

    MapEvent withField(List<String> pointer, Object value) {
        fields.put(pointer, value);
        return this;
    }

    @Override
    public @Nullable Object attribute(String name) {
        return attributes.get(name);
    }

    @Override
    public @Nullable Object data(List<String> pointer) {
        return fields.get(pointer);
    }
}
