// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Ordering;
import io.mecha.binding.Receipt;
import io.mecha.binding.StartAt;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Outbound;
import io.mecha.binding.spi.Receiver;
import io.mecha.test.Applicability;
import io.mecha.test.contract.ContractGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;

/** A group of tests of the contract of bindings. */
abstract class BindingGroup extends ContractGroup<BindingBackend, BindingBackendContract> {

    /** Room for everything a test sends. */
    static final int ROOM = 100;

    private final List<MessageConsumer> consumers = new ArrayList<>();

    BindingGroup(BindingBackendContract contract) {
        super(contract);
    }

    @AfterEach
    final void closeConsumers() {
        consumers.forEach(MessageConsumer::close);
    }

    final BindingBackend anotherNode() {
        BindingBackend node = contract().anotherNode(contract().destination()).orElse(null);
        Applicability.require(node != null, "only one node can see the messages");
        return keep(Objects.requireNonNull(node));
    }

    /** Opens a backend for another destination. */
    final BindingBackend anotherDestination(String suffix) {
        return contract().open(contract().destination() + "-" + suffix);
    }

    /** Makes sure that what is sent is kept for a group. */
    final void declare(String group) {
        declare(backend(), group, Ordering.NONE);
    }

    final void declare(BindingBackend backend, String group, Ordering ordering) {
        capability(backend, Groups.class).declare(group, ordering);
    }

    final MessageConsumer receive(String group, Receiver receiver) {
        return receive(backend(), ConsumerRequest.of(group, ROOM), receiver);
    }

    final MessageConsumer receive(BindingBackend backend, ConsumerRequest request, Receiver receiver) {
        MessageConsumer consumer = capability(backend, Inbound.class).receive(request, receiver);
        consumers.add(consumer);
        return consumer;
    }

    static ConsumerRequest request(String group, Ordering ordering, int maxInFlight) {
        return new ConsumerRequest(group, ordering, StartAt.EARLIEST, maxInFlight, maxInFlight, false, false);
    }

    final Receipt send(TestMessage message) {
        return send(backend(), message);
    }

    final Receipt send(BindingBackend backend, TestMessage message) {
        return await(capability(backend, Outbound.class).send(message.id(), message));
    }

    final void send(String... texts) {
        List.of(texts).forEach(text -> send(TestMessage.of(text)));
    }

    /** Sends texts that are numbered from zero. */
    final List<String> sendNumbered(String prefix, int count) {
        List<String> texts = IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
        texts.forEach(this::send);
        return texts;
    }

    final void sendKeyed(String key, String... texts) {
        List.of(texts).forEach(text -> send(TestMessage.of(text).withKey(key)));
    }

    final <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError("A send may only fail with SendException", failure.getCause());
        } catch (TimeoutException late) {
            throw new AssertionError("Nothing came in " + patience(), late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    /** Waits until at least this many deliveries came. */
    final void awaitCount(Collector collector, int count) {
        eventually(() -> assertThat(collector.deliveries()).hasSizeGreaterThanOrEqualTo(count));
    }
}
