// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.health;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.AdditionalPathsMapper;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.health.actuate.endpoint.AdditionalHealthEndpointPath;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroup;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.HttpCodeStatusMapper;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;

/**
 * The health groups that there are, some of them changed, and new ones.
 *
 * @param groups those there were
 * @param changed by name, also new ones
 */
public record HealthGroups(HealthEndpointGroups groups, Map<String, HealthEndpointGroup> changed)
        implements HealthEndpointGroups, AdditionalPathsMapper {

    private static final EndpointId HEALTH = EndpointId.of("health");

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
        if (endpointId.equals(HEALTH)) {
            for (HealthEndpointGroup group : changed.values()) {
                AdditionalHealthEndpointPath path = group.getAdditionalPath();
                if (path != null && path.hasNamespace(namespace)) {
                    paths.add(path.getValue());
                }
            }
        }
        return new ArrayList<>(paths);
    }

    /**
     * A group with members of its own, which shows what another one shows.
     *
     * @param like what says what is shown
     * @param members tells by name whether a contributor is in the group
     * @param path its path on another port; {@code null} if it has none
     */
    public record Group(
            HealthEndpointGroup like,
            Predicate<String> members,
            @Nullable AdditionalHealthEndpointPath path) implements HealthEndpointGroup {

        @Override
        public boolean isMember(String name) {
            return members.test(name);
        }

        @Override
        public boolean showComponents(SecurityContext securityContext) {
            return like.showComponents(securityContext);
        }

        @Override
        public boolean showDetails(SecurityContext securityContext) {
            return like.showDetails(securityContext);
        }

        @Override
        public StatusAggregator getStatusAggregator() {
            return like.getStatusAggregator();
        }

        @Override
        public HttpCodeStatusMapper getHttpCodeStatusMapper() {
            return like.getHttpCodeStatusMapper();
        }

        @Override
        public @Nullable AdditionalHealthEndpointPath getAdditionalPath() {
            return path;
        }
    }
}
