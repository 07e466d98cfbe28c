// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.health;

import io.mecha.lifecycle.drain.DrainReport;
import io.mecha.lifecycle.drain.DrainSequence;
import io.mecha.lifecycle.drain.DrainStatus;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** The health of an application that ends: out of service from the beginning of the drain. */
final class DrainHealth implements HealthIndicator {

    private final DrainSequence sequence;

    DrainHealth(DrainSequence sequence) {
        this.sequence = sequence;
    }

    @Override
    public Health health() {
        if (!sequence.isDraining()) {
            return Health.up().withDetail("status", DrainStatus.OPEN).build();
        }
        DrainReport report = sequence.report();
        return Health.outOfService()
                .withDetail("status", report.status())
                .withDetail("spent", report.spent())
                .withDetail("unfinished", report.unfinished())
                .build();
    }
}
