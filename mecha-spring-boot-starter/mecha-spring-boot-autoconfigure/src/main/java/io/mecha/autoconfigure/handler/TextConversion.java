// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.handler;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.util.ClassUtils;

/**
 * A conversion of texts to the types of parameters; chosen once for each parameter.
 *
 * @since 1.0
 */
public final class TextConversion {

    private static final Map<Class<?>, Function<String, Object>> CONVERSIONS = Map.ofEntries(
            Map.entry(String.class, (text) -> text),
            Map.entry(Object.class, (text) -> text),
            Map.entry(CharSequence.class, (text) -> text),
            Map.entry(Integer.class, Integer::valueOf),
            Map.entry(Long.class, Long::valueOf),
            Map.entry(Short.class, Short::valueOf),
            Map.entry(Byte.class, Byte::valueOf),
            Map.entry(Double.class, Double::valueOf),
            Map.entry(Float.class, Float::valueOf),
            Map.entry(BigDecimal.class, BigDecimal::new),
            Map.entry(BigInteger.class, BigInteger::new),
            Map.entry(Boolean.class, TextConversion::truth),
            Map.entry(Instant.class, Instant::parse),
            Map.entry(URI.class, URI::create));

    private TextConversion() {}

    /**
     * Find the conversion to a type.
     *
     * @param type type of a parameter, or of the value of an {@code Optional}
     * @return converts a text, or anything else that stands for it; throws {@code RuntimeException} if it cannot; empty if there is
     *     no conversion
     */
    public static Optional<Function<Object, Object>> to(Class<?> type) {
        Class<?> boxed = ClassUtils.resolvePrimitiveIfNecessary(type);
        Function<String, Object> conversion = CONVERSIONS.get(boxed);
        if (conversion == null) {
            return boxed == byte[].class ? Optional.of(byte[].class::cast) : Optional.empty();
        }
        return Optional.of((value) -> boxed.isInstance(value) ? value : conversion.apply(value.toString()));
    }

    private static Boolean truth(String text) {
        if (text.equalsIgnoreCase("true")) {
            return true;
        }
        if (text.equalsIgnoreCase("false")) {
            return false;
        }
        throw new IllegalArgumentException("neither true nor false");
    }
}
