// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.event;

import java.lang.reflect.Type;

/**
 * The event types that stand for Java types where nobody says otherwise: senders and handlers must agree on them.
 *
 * @since 1.0
 */
public final class EventTypes {

    private static final ClassValue<String> OF_CLASSES = new ClassValue<>() {

        @Override
        protected String computeValue(Class<?> type) {
            return written(type);
        }
    };

    private EventTypes() {}

    /**
     * Return the event type of a payload.
     *
     * @param payload type of the payload
     * @return its name as the source code writes it, {@code com.acme.Orders.Placed} also for a nested class
     */
    public static String of(Type payload) {
        return payload instanceof Class<?> type ? OF_CLASSES.get(type) : written(payload);
    }

    /**
     * Return the event type that earlier versions gave to a payload, which events that wait still have.
     *
     * @param payload type of the payload
     * @return its name as the JVM writes it, {@code com.acme.Orders$Placed} for a nested class
     */
    public static String earlier(Type payload) {
        return payload.getTypeName();
    }

    private static String written(Type type) {
        return type.getTypeName().replace('$', '.');
    }
}
