// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.health;

import java.util.Map;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroup;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;

/** The health groups with the group {@code mecha}, of our components only, unless the application configures one of that name. */
final class MechaHealthGroups implements HealthEndpointGroupsPostProcessor {

    /** The group, and what the names of its members begin with. */
    static final String GROUP = "mecha";

    @Override
    public HealthEndpointGroups postProcessHealthEndpointGroups(HealthEndpointGroups groups) {
        if (groups.getNames().contains(GROUP)) {
            return groups;
        }
        HealthEndpointGroup ours = new HealthGroups.Group(groups.getPrimary(), name -> name.startsWith(GROUP), null);
        return new HealthGroups(groups, Map.of(GROUP, ours));
    }
}
