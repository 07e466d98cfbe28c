// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.mecha.Capabilities;
import io.mecha.binding.Receipt;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Outbound;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;

/** A backend that remembers what it was given, and answers as the test says. */
final class FakeBackend implements BindingBackend, Outbound {

    private final List<Message> messages = new CopyOnWriteArrayList<>();
    private Capabilities capabilities = Capabilities.none().with(Outbound.class, this);
    private int maximum = 1 << 20;

    /** Answers a send; complete at once unless the test changes it. */
    volatile BiFunction<String, Message, CompletionStage<Receipt>> answer = FakeBackend::taken;

    static CompletionStage<Receipt> taken(String id, Message message) {
        return CompletableFuture.completedFuture(new Receipt(id, "there"));
    }

    FakeBackend maximum(int bytes) {
        maximum = bytes;
        return this;
    }

    <C> FakeBackend with(Class<C> capability, C handle) {
        capabilities = capabilities.with(capability, handle);
        return this;
    }

    FakeBackend onlyReceives() {
        capabilities = Capabilities.none();
        return this;
    }

    List<Message> messages() {
        return messages;
    }

    /** What the receivers would get in all: ids in the order in which the backend has taken them. */
    List<String> ids() {
        return messages.stream()
                .map(message -> String.valueOf(message.attributes().get("id")))
                .toList();
    }

    @Override
    public CompletionStage<Receipt> send(String id, Message message) {
        CompletionStage<Receipt> result = answer.apply(id, message);
        CompletableFuture<Receipt> future = result.toCompletableFuture();
        if (!future.isCompletedExceptionally()) {
            messages.add(message);
        }
        return result;
    }

    @Override
    public List<CompletionStage<Receipt>> sendAll(List<String> ids, List<? extends Message> several) {
        List<CompletionStage<Receipt>> results = new ArrayList<>();
        for (int index = 0; index < ids.size(); index++) {
            results.add(send(ids.get(index), several.get(index)));
        }
        return results;
    }

    @Override
    public int maximumBodySize() {
        return maximum;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void ping() {}

    @Override
    public void close() {}
}
