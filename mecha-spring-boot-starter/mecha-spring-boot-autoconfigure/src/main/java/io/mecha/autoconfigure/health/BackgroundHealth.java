// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.health;

import io.mecha.runtime.Troubles;
import java.util.SortedMap;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** The health of threads and timers in the background: down for a minute after one of them failed unexpectedly. */
final class BackgroundHealth implements HealthIndicator {

    @Override
    public Health health() {
        SortedMap<String, String> troubles = Troubles.present();
        return troubles.isEmpty()
                ? Health.up().build()
                : Health.down().withDetails(troubles).build();
    }
}
