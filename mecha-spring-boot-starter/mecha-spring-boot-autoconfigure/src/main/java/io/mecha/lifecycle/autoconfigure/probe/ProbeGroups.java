// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.probe;

import io.mecha.autoconfigure.health.HealthGroups;
import io.mecha.lifecycle.Probe;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.health.actuate.endpoint.AdditionalHealthEndpointPath;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroup;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.core.Ordered;

/**
 * The health groups of probes with the checks of the application: liveness and readiness as Spring Boot or the application has them, and
 * startup. Where probes are switched off there are none.
 */
final class ProbeGroups implements HealthEndpointGroupsPostProcessor, Ordered {

    static final String LIVENESS = "liveness";
    static final String READINESS = "readiness";
    static final String STARTUP = "startup";

    /** The group of each kind of probe. */
    static final Map<Probe.Kind, String> NAMES =
            Map.of(Probe.Kind.LIVENESS, LIVENESS, Probe.Kind.READINESS, READINESS, Probe.Kind.STARTUP, STARTUP);

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
            if (group != null) {
                changed.put(name, group(name, group, group::isMember, path(name, group.getAdditionalPath(), paths)));
            } else if (name.equals(STARTUP)) {
                changed.put(name, group(name, readiness, (other) -> false, path(name, null, paths)));
            }
        }
        return new HealthGroups(groups, changed);
    }

    private static @Nullable AdditionalHealthEndpointPath path(
            String name, @Nullable AdditionalHealthEndpointPath own, boolean paths) {
        return own == null && paths
                ? AdditionalHealthEndpointPath.of(WebServerNamespace.SERVER, PATHS.getOrDefault(name, ""))
                : own;
    }

    /** Makes a group with one more member. */
    private static HealthEndpointGroup group(
            String name,
            HealthEndpointGroup like,
            Predicate<String> others,
            @Nullable AdditionalHealthEndpointPath path) {
        String member = MEMBERS.getOrDefault(name, "");
        Predicate<String> added = (other) -> other.equals(member) || other.startsWith(member + "/");
        return new HealthGroups.Group(like, added.or(others), path);
    }
}
