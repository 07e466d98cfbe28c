// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure.handler;

import io.mecha.autoconfigure.handler.LaterResults;
import io.mecha.autoconfigure.injection.InjectionPlace;
import io.mecha.binding.Event;
import io.mecha.binding.Outcome;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * The result of a handler.
 *
 * @param type type of the result itself, without what is awaited
 * @param later whether it is awaited: it comes in a {@code CompletionStage} or a reactive type
 */
record HandlerResult(ResolvableType type, boolean later) {

    /**
     * Reads what a method returns.
     *
     * @throws io.mecha.InvalidConfigurationException if nobody would await it
     */
    static HandlerResult of(Method method, Class<?> owner) {
        ResolvableType type = ResolvableType.forMethodReturnType(method, owner);
        ResolvableType value = LaterResults.value(type);
        HandlerResult result = new HandlerResult(value == null ? type : value, value != null);
        result.check(method);
        return result;
    }

    private void check(Method method) {
        boolean several = Collection.class.isAssignableFrom(type.resolve(Object.class));
        Class<?> payload = payload().resolve(Object.class);
        LaterResults.check(BindingHandlerMistakes.CODES, method, List.of(type.resolve(Object.class), payload));
        if (several && Outcome.class.isAssignableFrom(payload)) {
            throw BindingHandlerMistakes.CODES.signature(
                    method, "It returns several outcomes for one message.", "Return one Outcome.");
        }
    }

    boolean isNothing() {
        return LaterResults.isNothing(type);
    }

    boolean isOutcome() {
        return Outcome.class.isAssignableFrom(type.resolve(Object.class));
    }

    /** Tells whether it is a value, which is sent on. */
    boolean isValue() {
        return !isNothing() && !isOutcome();
    }

    /** Returns the payload of what is sent on: of an event, or of each element of a collection. */
    Type sent() {
        ResolvableType payload = payload();
        return payload.resolve() == null ? Object.class : InjectionPlace.withoutVariables(payload);
    }

    private ResolvableType payload() {
        ResolvableType one = Collection.class.isAssignableFrom(type.resolve(Object.class))
                ? type.as(Collection.class).getGeneric(0)
                : type;
        return one.resolve() == Event.class ? one.getGeneric(0) : one;
    }

    /** Makes an outcome of what was returned, or of what came of it later. */
    Outcome outcome(@Nullable Object returned) {
        if (returned instanceof Outcome outcome) {
            if (outcome instanceof Outcome.Reply reply && LaterResults.is(reply.result())) {
                throw LaterResults.unawaited(reply.result());
            }
            return outcome;
        }
        if (returned == null || isNothing()) {
            return Outcome.ack();
        }
        if (LaterResults.is(returned)) {
            throw LaterResults.unawaited(returned);
        }
        return Outcome.reply(returned);
    }
}
