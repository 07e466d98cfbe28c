// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.mecha.binding.AsyncHandler;
import io.mecha.binding.BatchHandler;
import io.mecha.binding.Handler;
import io.mecha.binding.Subscription;
import io.mecha.binding.SubscriptionSpec;
import java.util.List;

/** What one channel has to receive: a consumer for each group, which the subscriptions of the group share. */
final class ReceivingHalf {

    private final ChannelComponent channel;
    private final EngineContext engine;

    ReceivingHalf(ChannelComponent channel, EngineContext engine) {
        this.channel = channel;
        this.engine = engine;
    }

    List<SubscriptionView> views() {
        return List.of();
    }

    List<Subscription> subscriptions() {
        return List.of();
    }

    void start() {}

    void close() {}

    int redrive(String group, int limit) {
        throw new IllegalStateException();
    }

    <T> Subscription subscribe(SubscriptionSpec<T> spec, Handler<? super T> handler, boolean ephemeral) {
        throw new IllegalStateException();
    }

    <T> Subscription subscribeAsync(SubscriptionSpec<T> spec, AsyncHandler<? super T> handler) {
        throw new IllegalStateException();
    }

    <T> Subscription subscribeBatch(SubscriptionSpec<T> spec, BatchHandler<? super T> handler) {
        throw new IllegalStateException();
    }
}
