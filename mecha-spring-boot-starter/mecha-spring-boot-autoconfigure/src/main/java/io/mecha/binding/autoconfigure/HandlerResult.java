// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.autoconfigure.injection.InjectionPlace;
import io.mecha.binding.Event;
import io.mecha.binding.Outcome;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * What a handler returns.
 *
 * @param type type of the result itself, without {@code CompletionStage}
 * @param later whether it comes in a {@code CompletionStage}
 */
record HandlerResult(ResolvableType type, boolean later) {

    static HandlerResult of(Method method, Class<?> owner) {
        ResolvableType type = ResolvableType.forMethodReturnType(method, owner);
        if (CompletionStage.class.isAssignableFrom(type.resolve(Object.class))) {
            return new HandlerResult(type.as(CompletionStage.class).getGeneric(0), true);
        }
        return new HandlerResult(type, false);
    }

    boolean isNothing() {
        return type.resolve() == void.class || type.resolve() == Void.class;
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

    /** Makes an outcome of what was returned. */
    static Outcome outcome(@Nullable Object returned) {
        if (returned instanceof Outcome outcome) {
            return outcome;
        }
        return returned == null ? Outcome.ack() : Outcome.reply(returned);
    }
}
