// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.probe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.AdditionalPathsMapper;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.health.actuate.endpoint.AdditionalHealthEndpointPath;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroup;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.actuate.endpoint.HttpCodeStatusMapper;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.core.Ordered;

/**
 * The health groups of probes with the checks of the application: liveness and readiness as Spring Boot or the application has them, and
 * startup. Where probes are switched off there are none.
 */
final class ProbeGroups implements HealthEndpointGroupsPostProcessor, Ordered {

    static final String LIVENESS = "liveness";
    static final String READINESS = "readiness";
    static final String STARTUP = "startup";

    /** Each group to the contributor that is added. */
    static final Map<String, String> MEMBERS =
            Map.of(LIVENESS, "mechaLiveness", READINESS, "mechaReadiness", STARTUP, "mechaStartup");

    private static final Map<String, String> PATHS =
            Map.of(LIVENESS, "/livez", READINESS, "/readyz", STARTUP, "/startupz");

    private final boolean additionalPaths;

    ProbeGroups(boolean additionalPaths) {
        this.additionalPaths = additionalPaths;
    }

    /** After Spring Boot, which makes two of the groups. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public HealthEndpointGroups postProcessHealthEndpointGroups(HealthEndpointGroups groups) {
        HealthEndpointGroup readiness = groups.get(READINESS);
        if (readiness == null) {
            return groups;
        }
        boolean paths = additionalPaths || readiness.getAdditionalPath() != null;
        Map<String, HealthEndpointGroup> changed = new LinkedHashMap<>();
        for (String name : List.of(LIVENESS, READINESS, STARTUP)) {
            HealthEndpointGroup group = groups.get(name);
            if (group != null || name.equals(STARTUP)) {
                changed.put(name, group(name, group == null ? new Group(readiness, "", "", null) : group, paths));
            }
        }
        return new Groups(groups, changed);
    }

    private static HealthEndpointGroup group(String name, HealthEndpointGroup group, boolean paths) {
        AdditionalHealthEndpointPath path = group.getAdditionalPath();
        if (path == null && paths) {
            path = AdditionalHealthEndpointPath.of(WebServerNamespace.SERVER, PATHS.getOrDefault(name, ""));
        }
        return new Group(group, name, MEMBERS.getOrDefault(name, ""), path);
    }

    /**
     * The groups there were, some of them changed.
     *
     * @param changed by name, also new ones
     */
    private record Groups(HealthEndpointGroups groups, Map<String, HealthEndpointGroup> changed)
            implements HealthEndpointGroups, AdditionalPathsMapper {

        @Override
        public HealthEndpointGroup getPrimary() {
            return groups.getPrimary();
        }

        @Override
        public Set<String> getNames() {
            Set<String> names = new LinkedHashSet<>(groups.getNames());
            names.addAll(changed.keySet());
            return names;
        }

        @Override
        public @Nullable HealthEndpointGroup get(String name) {
            HealthEndpointGroup group = changed.get(name);
            return group == null ? groups.get(name) : group;
        }

        @Override
        public @Nullable List<String> getAdditionalPaths(EndpointId endpointId, WebServerNamespace namespace) {
            Set<String> paths = new LinkedHashSet<>();
            if (groups instanceof AdditionalPathsMapper mapper) {
                List<String> before = mapper.getAdditionalPaths(endpointId, namespace);
                paths.addAll(before == null ? List.of() : before);
            }
            if (endpointId.equals(EndpointId.of("health"))) {
                for (HealthEndpointGroup group : changed.values()) {
                    AdditionalHealthEndpointPath path = group.getAdditionalPath();
                    if (path != null && path.hasNamespace(namespace)) {
                        paths.add(path.getValue());
                    }
                }
            }
            return new ArrayList<>(paths);
        }
    }

    /**
     * A group with one more member.
     *
     * @param group the group, which says what is shown
     * @param name its name; empty for one that has no other members
     * @param member the contributor
     * @param path its path on another port
     */
    private record Group(
            HealthEndpointGroup group,
            String name,
            String member,
            @Nullable AdditionalHealthEndpointPath path) implements HealthEndpointGroup {

        @Override
        public boolean isMember(String contributor) {
            boolean added = !member.isEmpty() && (contributor.equals(member) || contributor.startsWith(member + "/"));
            return added || (!name.isEmpty() && group.isMember(contributor));
        }

        @Override
        public boolean showComponents(SecurityContext securityContext) {
            return group.showComponents(securityContext);
        }

        @Override
        public boolean showDetails(SecurityContext securityContext) {
            return group.showDetails(securityContext);
        }

        @Override
        public StatusAggregator getStatusAggregator() {
            return group.getStatusAggregator();
        }

        @Override
        public HttpCodeStatusMapper getHttpCodeStatusMapper() {
            return group.getHttpCodeStatusMapper();
        }

        @Override
        public @Nullable AdditionalHealthEndpointPath getAdditionalPath() {
            return path;
        }
    }
}
