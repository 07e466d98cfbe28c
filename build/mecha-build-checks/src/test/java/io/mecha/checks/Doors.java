// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which code may know which: the doors of the architecture.
 *
 * <p>Each rule returns one sentence for each offence, so that all are seen at once.
 */
final class Doors {

    private static final List<String> JDK = List.of("java.", "javax.", "jdk.");
    private static final List<String> ENGINE_LIBRARIES = List.of(
            "org.jspecify.",
            "org.slf4j.",
            "io.micrometer.",
            "com.github.benmanes.caffeine.",
            "com.fasterxml.jackson.annotation.",
            "tools.jackson.",
            "io.github.resilience4j.");
    private static final Set<String> BELOW = Set.of("mecha-codec", "mecha-runtime");
    private static final Set<String> SPRING_BOUND = Set.of("mecha-lifecycle", "mecha-networking-core");
    private static final Set<String> SHARED_ROOMS = Set.of("mecha-jdbc", "mecha-resilience");
    private static final String AUTO_CONFIGURATION = "mecha-spring-boot-autoconfigure";

    /** The rooms of the engine of bindings, each with those that may enter it. */
    private static final Map<String, Set<String>> BINDING_ROOMS = Map.of(
            "io.mecha.binding.event",
            Set.of(
                    "io.mecha.binding.channel",
                    "io.mecha.binding.deadletter",
                    "io.mecha.binding.receive",
                    "io.mecha.binding.send",
                    "io.mecha.binding.engine"),
            "io.mecha.binding.channel",
            Set.of(
                    "io.mecha.binding.deadletter",
                    "io.mecha.binding.receive",
                    "io.mecha.binding.send",
                    "io.mecha.binding.engine"),
            "io.mecha.binding.deadletter",
            Set.of("io.mecha.binding.receive"),
            "io.mecha.binding.receive",
            Set.of("io.mecha.binding.engine"),
            "io.mecha.binding.send",
            Set.of("io.mecha.binding.engine"),
            "io.mecha.binding.engine",
            Set.of());

    private final House house;

    Doors(House house) {
        this.house = house;
    }

    List<String> apiKnowsOnlyTheJdk() {
        return offences(
                (origin) -> module(origin).equals("mecha-api"),
                (target) ->
                        !isFrom(target, JDK) && !isFrom(target, List.of("org.jspecify.")) && !in(target, "mecha-api"),
                "mecha-api knows only the JDK and JSpecify");
    }

    List<String> spiKnowsNoSpring() {
        return offences(
                (origin) -> hasSegment(origin.getPackageName(), "spi"),
                (target) -> isFrom(target, List.of("org.springframework.")),
                "an SPI has no Spring types");
    }

    List<String> enginesKnowOnlyTheApi() {
        return offences(
                (origin) -> (isEngine(module(origin)) || BELOW.contains(module(origin)))
                        && !SPRING_BOUND.contains(module(origin)),
                (target) -> !isFrom(target, JDK)
                        && !isFrom(target, ENGINE_LIBRARIES)
                        && !in(target, "mecha-api")
                        && !in(target, "mecha-codec")
                        && !in(target, "mecha-runtime")
                        && !in(target, "mecha-resilience"),
                "an engine knows the API and a few libraries only",
                true);
    }

    /** Micrometer is optional below the engines: threads and timers do without it. */
    List<String> onlyMetricsOfTheRuntimeKnowMicrometer() {
        return offences(
                (origin) ->
                        in(origin, "mecha-runtime") && !isInside(origin.getPackageName(), "io.mecha.runtime.metrics"),
                (target) -> isFrom(target, List.of("io.micrometer.")),
                "only io.mecha.runtime.metrics knows Micrometer in mecha-runtime");
    }

    /** Both halves know a channel by its context; neither knows the other, and the adapters beside them know none. */
    List<String> bindingRoomsKnowNoMoreThanTheyNeed() {
        return house.main().stream()
                .filter((origin) -> in(origin, "mecha-bindings-core"))
                .flatMap((origin) -> dependencies(origin)
                        .filter((target) -> !target.getPackageName().equals(origin.getPackageName()))
                        .filter((target) -> !BINDING_ROOMS
                                .getOrDefault(target.getPackageName(), Set.of(origin.getPackageName()))
                                .contains(origin.getPackageName()))
                        .map((target) -> sentence(origin, target, "the room is closed to " + origin.getPackageName())))
                .distinct()
                .sorted()
                .toList();
    }

    /** What primitives share must not know them, or the next one could not use it alone. */
    List<String> sharedRoomKnowsNoPrimitive(String room, Set<String> primitives) {
        return offences(
                (origin) -> isInside(origin.getPackageName(), room),
                (target) -> primitives.stream().anyMatch((owner) -> isInside(target.getPackageName(), owner)),
                room + " is shared and knows no primitive");
    }

    List<String> adaptersKnowNoEngineAndNoOtherAdapter() {
        return offences(
                (origin) -> isAdapter(module(origin)),
                (target) -> isEngine(module(target)) || isAdapter(module(target)),
                "an adapter knows no engine and no other adapter",
                true);
    }

    List<String> nobodyKnowsTheAutoConfiguration() {
        return offences(
                (origin) -> !module(origin).startsWith("mecha-spring-boot-"),
                (target) -> in(target, AUTO_CONFIGURATION),
                "nobody knows the auto-configuration");
    }

    List<String> onlyAutoConfigurationTouchesSpringBoot() {
        return offences(
                (origin) -> isPublished(module(origin))
                        && !hasSegment(origin.getPackageName(), "autoconfigure")
                        && !module(origin).equals("mecha-spring-boot-starter-test")
                        && !SPRING_BOUND.contains(module(origin)),
                (target) -> isFrom(target, List.of("org.springframework.boot.")) && !isMetadata(target),
                "only ..autoconfigure.. touches Spring Boot");
    }

    /** An annotation that the JVM ignores where Spring Boot is absent: with it, options of an adapter explain themselves. */
    private static boolean isMetadata(JavaClass target) {
        return target.getName().equals("org.springframework.boot.context.properties.ConfigurationProperties");
    }

    List<String> internalsStayInside() {
        return house.main().stream()
                .flatMap((origin) -> dependencies(origin)
                        .filter((target) -> hasSegment(target.getPackageName(), "internal"))
                        .filter((target) -> !isInside(origin.getPackageName(), owner(target.getPackageName())))
                        .map((target) -> sentence(
                                origin, target, "internals are used only inside " + owner(target.getPackageName()))))
                .distinct()
                .sorted()
                .toList();
    }

    List<String> onePackageInOneJar() {
        TreeMap<String, TreeSet<String>> modules = new TreeMap<>();
        for (JavaClass type : house.main()) {
            modules.computeIfAbsent(type.getPackageName(), (name) -> new TreeSet<>())
                    .add(module(type));
        }
        List<String> offences = new ArrayList<>();
        modules.forEach((name, owners) -> {
            if (owners.size() > 1) {
                offences.add("%s is in %s: one package lives in one jar".formatted(name, owners));
            }
        });
        return offences;
    }

    private List<String> offences(Predicate<JavaClass> origins, Predicate<JavaClass> banned, String rule) {
        return offences(origins, banned, rule, false);
    }

    private List<String> offences(
            Predicate<JavaClass> origins, Predicate<JavaClass> banned, String rule, boolean sameModuleAllowed) {
        return house.main().stream()
                .filter(origins)
                .flatMap((origin) -> dependencies(origin)
                        .filter((target) ->
                                !sameModuleAllowed || !module(target).equals(module(origin)))
                        .filter(banned)
                        .map((target) -> sentence(origin, target, rule)))
                .distinct()
                .sorted()
                .toList();
    }

    private static String sentence(JavaClass origin, JavaClass target, String rule) {
        return "%s uses %s: %s".formatted(origin.getName(), target.getName(), rule);
    }

    private static Stream<JavaClass> dependencies(JavaClass origin) {
        return origin.getDirectDependenciesFromSelf().stream()
                .map(Dependency::getTargetClass)
                .map(JavaClass::getBaseComponentType)
                .filter((target) -> !target.isPrimitive() && !target.equals(origin))
                .distinct();
    }

    private String module(JavaClass type) {
        return house.owner(type);
    }

    private boolean in(JavaClass type, String module) {
        return module(type).equals(module);
    }

    private boolean isPublished(String module) {
        return house.published().stream()
                .anyMatch((published) -> published.name().equals(module));
    }

    private static boolean isEngine(String module) {
        return module.endsWith("-core") || module.equals("mecha-resilience") || module.equals("mecha-lifecycle");
    }

    /** A module in the folder of a primitive that is not its engine. */
    private boolean isAdapter(String module) {
        return house.published().stream()
                .filter((published) -> published.name().equals(module))
                .anyMatch((published) ->
                        module.startsWith(published.directory().getParent().getFileName() + "-")
                                && !module.startsWith("mecha-spring-boot-")
                                && !isEngine(module)
                                && !SHARED_ROOMS.contains(module));
    }

    private static boolean isFrom(JavaClass type, List<String> prefixes) {
        return prefixes.stream().anyMatch(type.getName()::startsWith);
    }

    private static boolean hasSegment(String name, String segment) {
        return ('.' + name + '.').contains('.' + segment + '.');
    }

    private static boolean isInside(String name, String owner) {
        return (name + '.').startsWith(owner + '.');
    }

    private static String owner(String internal) {
        return internal.substring(0, ('.' + internal + '.').indexOf(".internal.") - 1);
    }
}
