// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.start;

import io.mecha.Mistake;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The order of steps: each after those that it names, else by name, so that it is the same at each start. */
final class StartOrder {

    private StartOrder() {}

    /**
     * Sorts steps of one kind.
     *
     * @param mistakes takes names that are used twice or unknown, and circles; what is in them is left out
     */
    static List<StartStep> sort(List<StartStep> steps, Consumer<Mistake> mistakes) {
        Map<String, StartStep> left = new TreeMap<>();
        for (StartStep step : steps) {
            StartStep other = left.putIfAbsent(step.name(), step);
            if (other != null) {
                mistakes.accept(new Mistake(
                        "MECHA-L201",
                        step.place(),
                        "There is another initializer of the name '%s': %s.".formatted(step.name(), other.place()),
                        "Name one of them differently."));
            }
        }
        Set<String> all = Set.copyOf(left.keySet());
        Map<String, Set<String>> open = new LinkedHashMap<>();
        left.values().forEach(step -> open.put(step.name(), known(step, all, mistakes)));
        List<StartStep> sorted = new ArrayList<>();
        while (!left.isEmpty()) {
            StartStep next = left.values().stream()
                    .filter(step -> open.getOrDefault(step.name(), Set.of()).isEmpty())
                    .findFirst()
                    .orElse(null);
            if (next == null) {
                mistakes.accept(circle(left, open));
                return sorted;
            }
            left.remove(next.name());
            open.values().forEach(names -> names.remove(next.name()));
            sorted.add(next);
        }
        return sorted;
    }

    private static Set<String> known(StartStep step, Set<String> all, Consumer<Mistake> mistakes) {
        Set<String> known = new LinkedHashSet<>();
        for (String name : step.after()) {
            if (all.contains(name)) {
                known.add(name);
            } else {
                mistakes.accept(new Mistake(
                        "MECHA-L202",
                        "after = \"%s\" of %s".formatted(name, step.place()),
                        "There is no initializer '%s'.".formatted(name),
                        "Name one of %s, or leave it out."
                                .formatted(all.stream().sorted().toList())));
            }
        }
        return known;
    }

    /** Follows one name after the other, until one comes again. */
    private static Mistake circle(Map<String, StartStep> left, Map<String, Set<String>> open) {
        List<String> path = new ArrayList<>();
        StartStep step = left.values().iterator().next();
        while (!path.contains(step.name())) {
            path.add(step.name());
            String before = open.getOrDefault(step.name(), Set.of()).iterator().next();
            step = left.getOrDefault(before, step);
        }
        List<String> circle = path.subList(path.indexOf(step.name()), path.size());
        return new Mistake(
                "MECHA-L203",
                step.place(),
                "Initializers wait for each other: %s waits for '%s'."
                        .formatted(
                                circle.stream().map("'%s'"::formatted).collect(Collectors.joining(" waits for ")),
                                step.name()),
                "Remove one of these names from 'after'.");
    }
}
