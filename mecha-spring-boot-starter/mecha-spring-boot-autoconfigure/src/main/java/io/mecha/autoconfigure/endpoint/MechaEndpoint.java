// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.endpoint;

import io.mecha.autoconfigure.MechaComponent;
import io.mecha.autoconfigure.MechaComponents;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/** An endpoint that shows every component: its parts, its capabilities and the origin of its configuration. */
@Endpoint(id = "mecha")
final class MechaEndpoint {

    private final List<MechaComponents> primitives;

    MechaEndpoint(List<MechaComponents> primitives) {
        this.primitives = List.copyOf(primitives);
    }

    @ReadOperation
    Components components() {
        Map<String, Map<String, Component>> all = new LinkedHashMap<>();
        primitives.forEach((primitive) -> all.put(primitive.primitive(), describe(primitive)));
        return new Components(all);
    }

    @ReadOperation
    @Nullable Primitive components(@Selector String primitive) {
        return primitives.stream()
                .filter((candidate) -> candidate.primitive().equals(primitive))
                .findFirst()
                .map((found) -> new Primitive(describe(found)))
                .orElse(null);
    }

    @ReadOperation
    @Nullable Component component(@Selector String primitive, @Selector String name) {
        return primitives.stream()
                .filter((candidate) -> candidate.primitive().equals(primitive))
                .flatMap((found) -> found.components().stream())
                .filter((component) -> component.name().equals(name))
                .findFirst()
                .map(MechaEndpoint::describe)
                .orElse(null);
    }

    private static Map<String, Component> describe(MechaComponents primitive) {
        Map<String, Component> components = new LinkedHashMap<>();
        for (MechaComponent component : primitive.components()) {
            components.put(component.name(), describe(component));
        }
        return components;
    }

    private static Component describe(MechaComponent component) {
        return new Component(
                component.type(),
                component.capabilities(),
                component.details(),
                new Configuration(component.property(), component.origin().orElse(null)));
    }

    /**
     * All components.
     *
     * @param components by primitive and name
     */
    record Components(Map<String, Map<String, Component>> components) {}

    /**
     * The components of one primitive.
     *
     * @param components by name
     */
    record Primitive(Map<String, Component> components) {}

    /**
     * One component.
     *
     * @param type what it is made of
     * @param capabilities what it can do, with limits
     * @param details what else is worth knowing
     * @param configuredBy where it comes from
     */
    record Component(
            String type,
            Map<String, Map<String, Object>> capabilities,
            Map<String, Object> details,
            Configuration configuredBy) {}

    /**
     * The origin of a component.
     *
     * @param property what configures it
     * @param origin where that is set, if it is and anybody knows
     */
    record Configuration(String property, @Nullable String origin) {}
}
