// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.coordination.Candidacy;
import io.mecha.coordination.ElectionOptions;
import io.mecha.coordination.LeaderListener;
import io.mecha.coordination.Leadership;
import io.mecha.coordination.StepDownReason;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

abstract class LeaderBehaviour extends CoordinationGroup {

    private static final ElectionOptions SHORT_LEASE =
            ElectionOptions.defaults().lease(LEASE);

    private final List<String> told = new CopyOnWriteArrayList<>();

    LeaderBehaviour(StateBackendContract contract) {
        super(contract);
    }

    private Candidacy join(CoordinationNode node, String who) {
        return node.elections()
                .join(
                        "name",
                        new LeaderListener() {

                            @Override
                            public void onElected(Leadership leadership) {
                                told.add(who + " leads");
                            }

                            @Override
                            public void onStepDown(Leadership leadership, StepDownReason reason) {
                                told.add(who + " ends: " + reason);
                            }
                        },
                        SHORT_LEASE);
    }

    private void leads(Candidacy candidacy) {
        passing(() -> assertThat(candidacy.isLeader()).isTrue());
    }

    @Test
    void electsOneNodeAndHandsOverWhenItsWorkHasEnded() {
        Candidacy leader = join(first(), "first");
        leads(leader);
        long token = leader.leadership().orElseThrow().token().value();
        Candidacy follower = join(second(), "second");
        live(leader.leadership().orElseThrow(), LEASE);
        assertThat(follower.isLeader()).isFalse();

        leader.yieldLeadership();
        leads(follower);

        assertThat(follower.leadership().orElseThrow().token().value()).isGreaterThan(token);
        eventually(() -> assertThat(told).containsExactly("first leads", "first ends: YIELDED", "second leads"));
        follower.close();
        leads(leader);
    }

    @Test
    void stepsDownWhenTheBackendIsGoneAndStandsAgain() {
        outage();
        Candidacy leader = join(first(), "first");
        leads(leader);
        Candidacy follower = join(second(), "second");
        eventually(() -> assertThat(told).contains("first leads"));
        outage().cut();

        passing(() -> assertThat(told).contains("first ends: UNREACHABLE"));

        assertThat(leader.isLeader()).isFalse();
        assertThat(told).doesNotContain("second leads");
        outage().restore();
        passing(() -> assertThat(leader.isLeader() || follower.isLeader()).isTrue());
    }
}
