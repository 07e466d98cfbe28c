// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import io.mecha.coordination.Candidacy;
import io.mecha.coordination.ElectionOptions;
import io.mecha.coordination.InvalidCoordinationRequestException;
import io.mecha.coordination.LeaderElection;
import io.mecha.coordination.LeaderListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The candidates of this node. */
final class Elections implements LeaderElection {

    private final LeaseKeeper keeper;
    private final Guard guard;
    private final String prefix;
    private final LeadershipObserver observer;
    private final ElectionOptions defaults;
    private final List<Candidate> candidates = new CopyOnWriteArrayList<>();

    Elections(LeaseKeeper keeper, Guard guard, String prefix, LeadershipObserver observer, ElectionOptions defaults) {
        this.keeper = keeper;
        this.guard = guard;
        this.prefix = prefix;
        this.observer = observer;
        this.defaults = defaults;
    }

    @Override
    public Candidacy join(String name, LeaderListener listener) {
        return join(name, listener, defaults);
    }

    @Override
    public Candidacy join(String name, LeaderListener listener, ElectionOptions options) {
        Names.check("leader", name);
        if (keeper.isClosed()) {
            throw InvalidCoordinationRequestException.closed(name);
        }
        Candidate candidate = new Candidate(this, name, prefix + name, listener, options);
        candidates.add(candidate);
        candidate.begin();
        return candidate;
    }

    LeaseKeeper keeper() {
        return keeper;
    }

    Guard guard() {
        return guard;
    }

    LeadershipObserver observer() {
        return observer;
    }

    void forget(Candidate candidate) {
        candidates.remove(candidate);
    }

    @Override
    public List<Candidacy> candidacies() {
        return List.copyOf(candidates);
    }

    @Override
    public boolean withdraw(Duration budget) {
        List<Candidate> all = new ArrayList<>(candidates);
        long end = System.nanoTime() + budget.toNanos();
        List<@Nullable Term> terms = new ArrayList<>();
        all.forEach(candidate -> terms.add(candidate.leave()));
        boolean over = true;
        for (int i = 0; i < all.size(); i++) {
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            over = all.get(i).await(terms.get(i), left) && over;
        }
        return over;
    }

    /** Interrupt the work of leaders that has not ended, after it was told to; the leases end by themselves. */
    void cutOff() {
        candidates.forEach(Candidate::cutOff);
    }
}
