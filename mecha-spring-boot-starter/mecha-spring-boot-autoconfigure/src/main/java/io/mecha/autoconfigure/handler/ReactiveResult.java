// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.springframework.core.ReactiveAdapter;

/** A subscriber that completes a future with the element of a publisher, or with the list of its elements; needs Reactive Streams. */
final class ReactiveResult implements Subscriber<Object> {

    private final CompletableFuture<@Nullable Object> result;
    private final boolean several;
    private final List<Object> elements = new ArrayList<>();

    private ReactiveResult(CompletableFuture<@Nullable Object> result, boolean several) {
        this.result = result;
        this.several = several;
    }

    static CompletionStage<?> of(ReactiveAdapter adapter, Object source) {
        CompletableFuture<@Nullable Object> result = new CompletableFuture<>();
        adapter.toPublisher(source).subscribe(new ReactiveResult(result, adapter.isMultiValue()));
        return result;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Object element) {
        elements.add(element);
    }

    @Override
    public void onError(Throwable failure) {
        result.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        if (several) {
            result.complete(List.copyOf(elements));
        } else {
            result.complete(elements.isEmpty() ? null : elements.get(0));
        }
    }
}
