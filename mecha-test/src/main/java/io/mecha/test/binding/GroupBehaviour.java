// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.binding.Ordering;
import io.mecha.binding.SendException;
import io.mecha.binding.StartAt;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Outbound;
import io.mecha.test.Applicability;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

abstract class GroupBehaviour extends BindingGroup {

    GroupBehaviour(BindingBackendContract contract) {
        super(contract);
    }

    @Test
    void handsEachMessageToEveryGroup() {
        declare("first");
        declare("second");
        List<String> sent = sendNumbered("m", 10);

        for (String group : List.of("first", "second")) {
            Collector collector = Collector.acknowledging();
            receive(group, collector);
            awaitCount(collector, 10);
            stays(() -> assertThat(collector.texts()).containsExactlyInAnyOrderElementsOf(sent));
        }
    }

    @Test
    void knowsThatItReceivesWhatIsSentToItsDestination() {
        Applicability.require(offers(Outbound.class), "nothing can be sent to it");
        Applicability.require(contract().knowsItsDestination(), "backend cannot compare addresses");
        Inbound inbound = capability(Inbound.class);

        assertThat(inbound.receivesFrom(backend())).isTrue();
        assertThat(inbound.receivesFrom(anotherDestination("other"))).isFalse();
    }

    @Test
    void handsEachMessageToOneMemberOfAGroup() {
        declare("group");
        Collector one = Collector.acknowledging();
        Collector other = Collector.acknowledging();
        receive("group", one);
        receive("group", other);

        List<String> sent = sendNumbered("m", 50);

        assertSharedOnce(sent, one, other);
    }

    @Test
    void handsEachMessageToOneNodeOfAGroup() {
        declare("group");
        Collector one = Collector.acknowledging();
        Collector other = Collector.acknowledging();
        receive("group", one);
        receive(anotherNode(), ConsumerRequest.of("group", ROOM), other);

        List<String> sent = sendNumbered("m", 50);

        assertSharedOnce(sent, one, other);
    }

    @Test
    void keepsMessagesForADeclaredGroupThatDoesNotReceiveYet() {
        declare("group");
        declare("group");
        List<String> sent = sendNumbered("m", 3);

        Collector collector = Collector.acknowledging();
        receive("group", collector);

        eventually(() -> assertThat(collector.texts()).containsExactlyInAnyOrderElementsOf(sent));
    }

    @Test
    void keepsMessagesForTheFirstGroupOrRefusesThem() {
        capability(Groups.class);
        if (!contract().waitsForFirstGroup()) {
            assertThatExceptionOfType(SendException.class)
                    .isThrownBy(() -> send("nobody receives"))
                    .matches(failure -> !failure.mayHaveHappened(), "says that nothing was sent");
            return;
        }
        List<String> sent = sendNumbered("m", 3);

        Collector collector = Collector.acknowledging();
        receive("group", collector);

        eventually(() -> assertThat(collector.texts()).containsExactlyInAnyOrderElementsOf(sent));
    }

    @Test
    void beginsANewGroupWithLaterMessagesWhenTold() {
        declare("known");
        send("old");
        Collector collector = Collector.acknowledging();

        receive(backend(), latest("unknown", false), collector);

        eventually(() -> {
            send("new");
            assertThat(collector.texts()).contains("new");
        });
        assertThat(collector.texts()).doesNotContain("old");
    }

    @Test
    void continuesAKnownGroupWhereverItWasToBegin() {
        declare("known"); // a name of its own: brokers may have one group for several destinations
        send("old");
        Collector collector = Collector.acknowledging();

        receive(backend(), latest("known", false), collector);

        eventually(() -> assertThat(collector.texts()).containsExactly("old"));
    }

    @Test
    void continuesAGroupWhereItStopped() {
        declare("group");
        Collector before = Collector.acknowledging();
        MessageConsumer consumer = receive("group", before);
        send("before");
        awaitCount(before, 1);
        consumer.close();
        send("while nobody received");

        Collector after = Collector.acknowledging();
        receive("group", after);

        eventually(() -> assertThat(after.texts()).containsExactly("while nobody received"));
    }

    @Test
    void countsWhatAGroupHasNotAcknowledged() {
        Groups groups = capability(Groups.class);
        declare("group");
        sendNumbered("m", 3);
        Applicability.require(groups.lag("group").isPresent(), "backend cannot count");
        eventually(() -> assertThat(groups.lag("group")).hasValue(3));
        Collector collector = Collector.keeping();
        receive("group", collector);
        awaitCount(collector, 3);
        assertThat(groups.lag("group")).hasValue(3);

        collector.deliveries().forEach(Delivery::acknowledge);

        eventually(() -> assertThat(groups.lag("group")).hasValue(0));
    }

    @Test
    void countsNothingForAnUnknownGroup() {
        assertThat(capability(Groups.class).lag("undeclared")).isEmpty();
    }

    @Test
    void forgetsAnEphemeralGroupWithItsConsumer() {
        Groups groups = capability(Groups.class);
        declare("kept");
        Collector first = Collector.acknowledging();
        MessageConsumer consumer = receive(backend(), latest("passing", true), first);
        eventually(() -> {
            send("during");
            assertThat(first.texts()).contains("during");
        });

        consumer.close();

        eventually(() -> assertThat(groups.lag("passing")).isEmpty());
        send("between");
        Collector second = Collector.acknowledging();
        receive(backend(), latest("passing", true), second);
        eventually(() -> {
            send("after");
            assertThat(second.texts()).contains("after");
        });
        assertThat(second.texts()).containsOnly("after");
    }

    @Test
    void keepsDestinationsApart() {
        declare("group");
        BindingBackend other = anotherDestination("other");
        declare(other, "group", Ordering.NONE);
        Collector here = Collector.acknowledging();
        Collector there = Collector.acknowledging();
        receive("group", here);
        receive(other, ConsumerRequest.of("group", ROOM), there);

        send("here");
        send(other, TestMessage.of("there"));

        awaitCount(here, 1);
        awaitCount(there, 1);
        stays(() -> {
            assertThat(here.texts()).containsExactly("here");
            assertThat(there.texts()).containsExactly("there");
        });
    }

    private void assertSharedOnce(List<String> sent, Collector one, Collector other) {
        eventually(() ->
                assertThat(one.deliveries().size() + other.deliveries().size()).isGreaterThanOrEqualTo(sent.size()));
        stays(() -> assertThat(Stream.concat(one.texts().stream(), other.texts().stream()))
                .containsExactlyInAnyOrderElementsOf(sent));
    }

    private static ConsumerRequest latest(String group, boolean ephemeral) {
        return new ConsumerRequest(group, Ordering.NONE, StartAt.LATEST, ROOM, ROOM, ephemeral, false);
    }
}
