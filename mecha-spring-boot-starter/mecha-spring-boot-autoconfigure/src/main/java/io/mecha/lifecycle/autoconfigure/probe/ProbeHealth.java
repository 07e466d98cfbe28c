// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.probe;

import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;

/** The checks of one probe. */
final class ProbeHealth implements CompositeHealthContributor {

    private final Supplier<Stream<Entry>> checks;

    ProbeHealth(Supplier<Stream<Entry>> checks) {
        this.checks = checks;
    }

    @Override
    public @Nullable HealthContributor getContributor(String name) {
        return checks.get()
                .filter((entry) -> entry.name().equals(name))
                .findFirst()
                .map(Entry::contributor)
                .orElse(null);
    }

    @Override
    public Stream<Entry> stream() {
        return checks.get();
    }
}
