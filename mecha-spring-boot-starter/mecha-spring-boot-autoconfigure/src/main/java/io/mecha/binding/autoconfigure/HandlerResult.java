// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.autoconfigure.injection.InjectionPlace;
import io.mecha.binding.Event;
import io.mecha.binding.Outcome;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Collection;
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
        LaterResults.check(method, value == null ? type : value);
        return new HandlerResult(value == null ? type : value, value != null);
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
        ResolvableType one = Collection.class.isAssignableFrom(type.resolve(Object.class))
                ? type.as(Collection.class).getGeneric(0)
                : type;
        ResolvableType payload = one.resolve() == Event.class ? one.getGeneric(0) : one;
        return payload.resolve() == null ? Object.class : InjectionPlace.withoutVariables(payload);
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
