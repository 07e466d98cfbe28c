// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.binding.Ordering;
import io.mecha.binding.SendException;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Forwarding;
import io.mecha.binding.spi.HandledConfirmation;
import io.mecha.spi.SurroundingTransaction;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

abstract class AtomicBehaviour extends BindingGroup {

    AtomicBehaviour(BindingBackendContract contract) {
        super(contract);
    }

    @Test
    void forwardsAndAcknowledgesInOneStep() {
        Forwarding forwarding = capability(Forwarding.class);
        BindingBackend target = anotherDestination("target");
        declare(target, "next", Ordering.NONE);
        Collector collector = received("m");
        assertThat(forwarding.reaches(target)).isTrue();

        forwarding.forward(collector.delivery(0), target, List.of(TestMessage.of("a"), TestMessage.of("b")));

        assertThat(textsOf(target, 2)).containsExactly("a", "b");
        closeConsumers();
        assertNothingLeft();
    }

    @Test
    void forwardsWithinOneDestination() {
        Forwarding forwarding = capability(Forwarding.class);
        Collector collector = received("m");
        assertThat(forwarding.reaches(backend())).isTrue();

        forwarding.forward(collector.delivery(0), backend(), List.of(TestMessage.of("next")));

        eventually(() -> assertThat(collector.texts()).containsExactly("m", "next"));
    }

    @Test
    void forwardsNothingOnceTheMessageIsNotOursAnyMore() {
        Forwarding forwarding = capability(Forwarding.class);
        BindingBackend target = anotherDestination("target");
        declare(target, "next", Ordering.NONE);
        Collector collector = received("m");
        closeConsumers();

        assertThatThrownBy(() -> forwarding.forward(collector.delivery(0), target, List.of(TestMessage.of("stale"))))
                .isInstanceOf(SendException.class);

        send(target, TestMessage.of("probe"));
        assertThat(textsOf(target, 1)).containsExactly("probe");
        Collector again = Collector.acknowledging();
        receive("group", again);
        eventually(() -> assertThat(again.texts()).containsExactly("m"));
    }

    @Test
    void reachesNoForeignBackend() {
        Forwarding forwarding = capability(Forwarding.class);

        assertThat(forwarding.reaches(new ForeignBackend())).isFalse();
    }

    @Test
    void sendsWithATransactionThatCommits() {
        BindingBackendContract.Transactional transactional = transactional();
        declare("group");
        Collector collector = Collector.acknowledging();
        receive("group", collector);

        transactional.commit(() -> {
            send("a", "b");
            stays(() -> assertThat(collector.deliveries()).isEmpty());
        });

        eventually(() -> assertThat(collector.texts()).containsExactlyInAnyOrder("a", "b"));
    }

    @Test
    void sendsNothingWithATransactionThatIsRolledBack() {
        BindingBackendContract.Transactional transactional = transactional();
        declare("group");
        Collector collector = Collector.acknowledging();
        receive("group", collector);

        transactional.rollBack(() -> send("undone"));

        send("probe");
        awaitCount(collector, 1);
        stays(() -> assertThat(collector.texts()).containsExactly("probe"));
    }

    @Test
    void tellsWhetherASendJoinsATransaction() {
        BindingBackendContract.Transactional transactional = transactional();
        SurroundingTransaction joined = capability(SurroundingTransaction.class);

        assertThat(joined.active()).isFalse();
        transactional.commit(() -> assertThat(joined.active()).isTrue());
        assertThat(joined.active()).isFalse();
        assertThat(joined.on(transactional.resource())).isTrue();
        assertThat(joined.on(new Object())).isFalse();
    }

    @Test
    void tellsOfACommitAndNotOfARollback() {
        BindingBackendContract.Transactional transactional = transactional();
        SurroundingTransaction joined = capability(SurroundingTransaction.class);
        List<String> told = new CopyOnWriteArrayList<>();

        transactional.rollBack(() -> joined.afterCommit(() -> told.add("rolled back")));
        transactional.commit(() -> {
            joined.afterCommit(() -> told.add("committed"));
            assertThat(told).isEmpty();
        });

        assertThat(told).containsExactly("committed");
    }

    @Test
    void confirmsWhatEveryGroupAcknowledged() {
        HandledConfirmation confirmation = capability(HandledConfirmation.class);
        declare("one");
        declare("other");
        CompletableFuture<Void> handled =
                confirmation.sendAndAwait(TestMessage.of("m")).toCompletableFuture();
        Collector one = Collector.keeping();
        Collector other = Collector.keeping();
        receive("one", one);
        receive("other", other);
        awaitCount(one, 1);
        awaitCount(other, 1);

        one.delivery(0).acknowledge();
        assertThat(handled).isNotDone();
        other.delivery(0).release();
        awaitCount(other, 2);
        assertThat(handled).isNotDone();
        other.delivery(1).acknowledge();

        await(handled);
    }

    private BindingBackendContract.Transactional transactional() {
        capability(SurroundingTransaction.class);
        return contract().transactional().orElseThrow();
    }

    private Collector received(String text) {
        declare("group");
        send(text);
        Collector collector = Collector.keeping();
        receive("group", collector);
        awaitCount(collector, 1);
        return collector;
    }

    private List<String> textsOf(BindingBackend target, int count) {
        Collector collector = Collector.acknowledging();
        receive(target, ConsumerRequest.of("next", ROOM), collector);
        awaitCount(collector, count);
        stays(() -> assertThat(collector.deliveries()).hasSize(count));
        return collector.texts();
    }

    private void assertNothingLeft() {
        Collector collector = Collector.acknowledging();
        receive("group", collector);
        send("probe");
        awaitCount(collector, 1);
        stays(() -> assertThat(collector.texts()).containsExactly("probe"));
    }
}
