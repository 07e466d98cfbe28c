// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure.handler;

import io.mecha.autoconfigure.handler.LaterResults;
import io.mecha.autoconfigure.handler.UnreadableParameterException;
import io.mecha.binding.Batch;
import io.mecha.binding.Bindings;
import io.mecha.binding.Event;
import io.mecha.binding.Failure;
import io.mecha.binding.Filter;
import io.mecha.binding.Outcome;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One handler, ready to be subscribed.
 *
 * @param method the method
 * @param channel name of the channel
 * @param group the group that it is in, named or not
 * @param types event types it takes; empty for all
 * @param filter which of them; {@code null} for all
 * @param options what its annotation says
 * @param sendTo channel of its results; empty for none
 * @param dispatch name of the bean whose class has the annotation; empty if the method stands alone
 */
record HandlerRegistration(
        HandlerMethod method,
        String channel,
        String group,
        List<String> types,
        @Nullable Filter filter,
        SubscriptionOptions options,
        String sendTo,
        String dispatch) {

    /** Tells whether nobody could say which of two handlers gets a message. */
    boolean overlaps(HandlerRegistration other) {
        return channel.equals(other.channel)
                && group.equals(other.group)
                && filter == null
                && other.filter == null
                && shareTypes(other);
    }

    private boolean shareTypes(HandlerRegistration other) {
        if (types.isEmpty() != other.types.isEmpty()) {
            // A method of an annotated class that takes everything takes what its neighbours leave.
            return dispatch.isEmpty() || !dispatch.equals(other.dispatch);
        }
        return types.isEmpty() || types.stream().anyMatch(other.types::contains);
    }

    /** Makes the subscription. */
    void subscribe(Bindings bindings, @Nullable HandlerMethod fallback) {
        if (!sendTo.isEmpty() && method.result().isValue()) {
            // Says now, and not at the first result, that nothing can be sent there.
            bindings.sender(sendTo, method.result().sent());
        }
        SubscriptionSpec.Builder<Object> spec = SubscriptionSpec.of(
                        channel, method.parameters().payload())
                .types(types.toArray(String[]::new))
                .options(options);
        if (filter != null) {
            spec.filter(filter);
        }
        if (!sendTo.isEmpty()) {
            spec.sendTo(sendTo);
        }
        if (fallback != null) {
            spec.fallback((event, failure) -> handle(fallback, event, failure));
        }
        if (method.parameters().isBatch()) {
            bindings.subscribeBatch(spec.build(), this::handleBatch);
        } else if (method.result().later()) {
            bindings.subscribeAsync(spec.build(), this::handleAsync);
        } else {
            bindings.subscribe(spec.build(), (event) -> handle(method, event, null));
        }
    }

    private static Outcome handle(HandlerMethod method, Event<?> event, @Nullable Failure failure) throws Exception {
        try {
            Object returned = method.invoker().call(event, failure);
            return method.result().outcome(LaterResults.await(returned));
        } catch (UnreadableParameterException useless) {
            return Outcome.deadLetter(String.valueOf(useless.getMessage()));
        }
    }

    private CompletionStage<Outcome> handleAsync(Event<?> event) throws Exception {
        try {
            Object returned = method.invoker().call(event, null);
            return returned == null
                    ? CompletableFuture.completedStage(Outcome.ack())
                    : LaterResults.stage(returned).thenApply(method.result()::outcome);
        } catch (UnreadableParameterException useless) {
            return CompletableFuture.completedStage(Outcome.deadLetter(String.valueOf(useless.getMessage())));
        }
    }

    private void handleBatch(Batch<?> batch) throws Exception {
        method.invoker().call(batch, null);
    }
}
