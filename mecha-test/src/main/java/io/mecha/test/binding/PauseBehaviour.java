// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Ordering;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.KeyOrder;
import io.mecha.test.Applicability;
import io.mecha.test.binding.BindingBackendContract.PausableNode;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class PauseBehaviour extends BindingGroup {

    private static final String KEY = "key";

    private final Queue<String> handled = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean goingOn = new AtomicBoolean();
    private @Nullable PausableNode node;

    PauseBehaviour(BindingBackendContract contract) {
        super(contract);
    }

    @BeforeEach
    void openNode() {
        capability(KeyOrder.class);
        node = contract().pausableNode(contract().destination()).orElse(null);
        Applicability.require(node != null, "nobody takes anything away from a node that stands still");
        keep(node().backend());
        declare(node().backend(), "group", Ordering.KEY);
    }

    @AfterEach
    void goOn() {
        if (node != null) {
            node.resume();
        }
    }

    private PausableNode node() {
        return Objects.requireNonNull(node);
    }

    @Test
    void handsOutNothingNewerThanWhatWasGivenBackAfterAPause() {
        Collector collector = pausedWith(5);

        goingOn.set(true);
        collector.deliveries().forEach(Delivery::release);
        node().resume();

        eventually(() -> assertThat(handled).contains("m9"));
        assertThat(handled.stream().distinct()).containsExactlyElementsOf(numbers(0, 10));
    }

    @Test
    void leavesToOthersInOrderWhatANodeHeldThatStandsStill() {
        Collector other = Collector.acknowledging();
        Collector collector = pausedWith(5);

        receive(backend(), request("group", Ordering.KEY, ROOM), other);

        eventually(() -> assertThat(other.texts(KEY)).contains("m9"));
        assertThat(other.texts(KEY).stream().distinct()).containsExactlyElementsOf(numbers(0, 10));
        goingOn.set(true);
        collector.deliveries().forEach(Delivery::acknowledge);
        node().resume();
        sendKeyed(KEY, "last");
        eventually(() -> assertThat(other.texts(KEY).contains("last") || handled.contains("last"))
                .isTrue());
        assertThat(handled).isSubsetOf("last");
    }

    /** Lets the node take some messages and stand still until they are not its own any more; more messages come meanwhile. */
    private Collector pausedWith(int count) {
        sendKeyed(KEY, numbers(0, count).toArray(String[]::new));
        Collector collector = Collector.then(delivery -> {
            if (!goingOn.get()) {
                return;
            }
            if (delivery.current()) {
                handled.add(Collector.text(delivery));
                delivery.acknowledge();
            } else {
                delivery.release();
            }
        });
        receive(node().backend(), request("group", Ordering.KEY, ROOM), collector);
        awaitCount(collector, count);

        node().pause();
        sendKeyed(KEY, numbers(count, 2 * count).toArray(String[]::new));
        eventually(() -> assertThat(collector.deliveries()).noneMatch(Delivery::current));
        return collector;
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> "m" + number).toList();
    }
}
