// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import io.mecha.autoconfigure.HealthOptions;
import io.mecha.autoconfigure.MechaComponent;
import io.mecha.autoconfigure.MechaComponents;
import io.mecha.coordination.Candidacy;
import io.mecha.coordination.engine.Coordination;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The locks and candidacies of this node, for operators. */
final class CoordinationComponents implements MechaComponents {

    private final Supplier<@Nullable Coordination> coordination;

    CoordinationComponents(Supplier<@Nullable Coordination> coordination) {
        this.coordination = coordination;
    }

    @Override
    public String primitive() {
        return "coordination";
    }

    @Override
    public List<MechaComponent> components() {
        Coordination used = coordination.get();
        if (used == null) {
            return List.of();
        }
        List<MechaComponent> all = new ArrayList<>();
        all.add(new Part("leases", "store", Map.of("store", used.store(), "held", used.held()), ".store"));
        used.elections().candidacies().stream()
                .sorted(Comparator.comparing(Candidacy::name))
                .map((candidacy) -> new Part(candidacy.name(), "leader", details(candidacy), ".election"))
                .forEach(all::add);
        return List.copyOf(all);
    }

    private static Map<String, Object> details(Candidacy candidacy) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("state", candidacy.state());
        candidacy
                .leadership()
                .ifPresent(
                        (leadership) -> details.put("token", leadership.token().value()));
        return details;
    }

    /** One line of the endpoint. */
    private record Part(String name, String type, Map<String, Object> details, String key) implements MechaComponent {

        @Override
        public Map<String, Map<String, Object>> capabilities() {
            return Map.of();
        }

        @Override
        public Map<String, Object> concerns() {
            return Map.of();
        }

        @Override
        public String property() {
            return CoordinationProperties.PREFIX + key;
        }

        @Override
        public Optional<String> origin() {
            return Optional.empty();
        }

        /** That of the store is its own. */
        @Override
        public HealthOptions health() {
            return new HealthOptions(false, false, HealthOptions.Start.OPTIONAL);
        }

        @Override
        public void ping() {
            // The store of the leases is asked for its health itself.
        }
    }
}
