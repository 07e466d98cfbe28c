// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.send;

import io.mecha.binding.Event;
import io.mecha.binding.event.AttributeText;
import io.mecha.binding.event.JsonData;
import io.mecha.codec.Codec;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The source of the key of events that set none, resolved once for each sender. */
@FunctionalInterface
interface KeyExtractor {

    /**
     * Returns the key, or {@code null} if the event does not have it.
     *
     * @param event the event
     * @param codec writes its data
     * @return the key, or {@code null}
     */
    @Nullable String key(Event<?> event, Codec<Object> codec);

    /**
     * Resolves where the key comes from.
     *
     * @param key an attribute, an extension, or a JSON pointer into the data
     * @param payload declared type of the payload
     * @return the extractor
     */
    static KeyExtractor of(String key, Type payload) {
        if (key.startsWith("/")) {
            return pointer(key, payload);
        }
        return (event, codec) -> {
            Object value = event.attribute(key);
            return value == null ? null : AttributeText.of(value);
        };
    }

    private static KeyExtractor pointer(String pointer, Type payload) {
        List<String> steps = Arrays.stream(pointer.substring(1).split("/", -1))
                .map(step -> step.replace("~1", "/").replace("~0", "~"))
                .toList();
        List<MethodHandle> accessors = payload instanceof Class<?> type ? accessors(type, steps) : List.of();
        return accessors.isEmpty()
                ? (event, codec) -> written(event, codec, steps)
                : (event, codec) -> accessed(event.payload().orElse(null), accessors);
    }

    /** Reads the data as it is written; for types whose components do not tell how they are written. */
    private static @Nullable String written(Event<?> event, Codec<Object> codec, List<String> steps) {
        Object payload = event.payload().orElse(null);
        if (payload instanceof Map<?, ?> map && steps.size() == 1 && map.get(steps.get(0)) instanceof String text) {
            return text;
        }
        return payload == null ? null : JsonData.parse(codec.encode(payload)).text(steps);
    }

    private static @Nullable String accessed(@Nullable Object payload, List<MethodHandle> accessors) {
        Object value = payload;
        try {
            for (int index = 0; index < accessors.size() && value != null; index++) {
                value = accessors.get(index).invokeExact(value);
            }
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) { // what MethodHandle declares
            throw new IllegalStateException("A record's accessor failed", failure);
        }
        return scalar(value);
    }

    private static @Nullable String scalar(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    /** Finds the accessors of records that are written as they are declared; none if there is any doubt. */
    private static List<MethodHandle> accessors(Class<?> type, List<String> steps) {
        List<MethodHandle> accessors = new ArrayList<>();
        Class<?> current = type;
        for (String step : steps) {
            RecordComponent component = component(current, step);
            if (component == null || component.getAnnotations().length > 0) {
                return List.of();
            }
            Method accessor = component.getAccessor();
            if (accessor.getAnnotations().length > 0 || !accessor.trySetAccessible()) {
                return List.of();
            }
            try {
                accessors.add(MethodHandles.lookup()
                        .unreflect(accessor)
                        .asType(MethodType.methodType(Object.class, Object.class)));
            } catch (IllegalAccessException closed) {
                return List.of();
            }
            current = component.getType();
        }
        return isScalar(current) ? accessors : List.of();
    }

    private static @Nullable RecordComponent component(Class<?> type, String name) {
        if (!type.isRecord()) {
            return null;
        }
        return Arrays.stream(type.getRecordComponents())
                .filter(component -> component.getName().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static boolean isScalar(Class<?> type) {
        return type == String.class
                || type == int.class
                || type == long.class
                || type == Integer.class
                || type == Long.class
                || type == UUID.class;
    }
}
