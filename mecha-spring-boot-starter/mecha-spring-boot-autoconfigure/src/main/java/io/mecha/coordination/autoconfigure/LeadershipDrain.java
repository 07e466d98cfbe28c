// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import io.mecha.coordination.Candidacy;
import io.mecha.coordination.engine.Coordination;
import io.mecha.lifecycle.Drain;
import io.mecha.runtime.drain.DrainParticipant;
import io.mecha.runtime.drain.DrainPhase;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The end of all candidacies in the drain; locks that are held stay renewed until beans are destroyed. */
final class LeadershipDrain implements DrainParticipant {

    private final Supplier<@Nullable Coordination> coordination;

    LeadershipDrain(Supplier<@Nullable Coordination> coordination) {
        this.coordination = coordination;
    }

    @Override
    public String name() {
        return "leadership";
    }

    @Override
    public DrainPhase phase() {
        return DrainPhase.LEADERSHIP;
    }

    @Override
    public void drain(Drain drain) {
        Coordination used = coordination.get();
        if (used != null) {
            boolean unused = used.elections().withdraw(drain.remaining());
            drain.unfinished(String.join(", ", unfinished()));
        }
    }

    @Override
    public List<String> unfinished() {
        Coordination used = coordination.get();
        return used == null
                ? List.of()
                : used.elections().candidacies().stream()
                        .filter((candidacy) -> candidacy.state() == Candidacy.State.LEADING
                                || candidacy.state() == Candidacy.State.STEPPING_DOWN)
                        .map((candidacy) -> "leadership '%s'".formatted(candidacy.name()))
                        .toList();
    }
}
