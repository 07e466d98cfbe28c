// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Chains in which the work of one key begins when the work of that key before it has ended, well or not. */
final class KeyChains {

    private final ConcurrentMap<String, CompletionStage<?>> tails = new ConcurrentHashMap<>();

    /**
     * Begins work, or has it begun later.
     *
     * @param key what to wait for; {@code null} to wait for nothing
     */
    <R> CompletionStage<R> run(@Nullable String key, Supplier<? extends CompletionStage<R>> work) {
        if (key == null) {
            return work.get();
        }
        CompletableFuture<R> end = new CompletableFuture<>();
        CompletionStage<?> before = tails.put(key, end);
        if (before == null) {
            run(key, work, end);
        } else {
            // On another thread, because a long chain of failures would need a long stack.
            before.whenCompleteAsync((result, failure) -> run(key, work, end));
        }
        return end;
    }

    private <R> void run(String key, Supplier<? extends CompletionStage<R>> work, CompletableFuture<R> end) {
        work.get().whenComplete((result, failure) -> {
            // First, so that a chain that has ended leaves nothing behind.
            tails.remove(key, end);
            if (failure == null) {
                end.complete(result);
            } else {
                end.completeExceptionally(failure);
            }
        });
    }
}
