// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.probe;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.autoconfigure.health.ComponentHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroup;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;

/** A check that liveness asks no store and no channel: when a server is away, a restart of all applications that use it mends nothing. */
final class LivenessCheck implements SmartInitializingSingleton {

    private static final String SUFFIX = "HealthContributor";

    private final ObjectProvider<HealthEndpointGroups> groups;
    private final ListableBeanFactory beans;

    LivenessCheck(ObjectProvider<HealthEndpointGroups> groups, ListableBeanFactory beans) {
        this.groups = groups;
        this.beans = beans;
    }

    @Override
    public void afterSingletonsInstantiated() {
        HealthEndpointGroups known = groups.getIfAvailable();
        HealthEndpointGroup liveness = known == null ? null : known.get(ProbeGroups.LIVENESS);
        if (liveness == null) {
            return;
        }
        List<Mistake> mistakes = new ArrayList<>();
        for (Map.Entry<String, ComponentHealth> bean :
                beans.getBeansOfType(ComponentHealth.class).entrySet()) {
            String name = bean.getKey().endsWith(SUFFIX)
                    ? bean.getKey().substring(0, bean.getKey().length() - SUFFIX.length())
                    : bean.getKey();
            boolean some = bean.getValue().stream().anyMatch((entry) -> liveness.isMember(name + "/" + entry.name()));
            if (some || liveness.isMember(name)) {
                mistakes.add(new Mistake(
                        "MECHA-L302",
                        "management.endpoint.health.group.liveness.include",
                        "Liveness would depend on '%s', so that the platform restarts the application when a server is away."
                                .formatted(name),
                        "Leave it out, and set health.readiness of a store or channel instead."));
            }
        }
        if (!mistakes.isEmpty()) {
            throw new InvalidConfigurationException(mistakes);
        }
    }
}
