// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.codec;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;

/**
 * The name of a generic type where a class literal cannot, as in {@code new GenericType<List<Order>>() {}}.
 *
 * @param <T> the type to name
 * @since 1.0
 * @implNote Source: the super type token of N. Gafter, "Super Type Tokens", 2006.
 */
public abstract class GenericType<T> {

    private final Type type;

    /** Capture the type argument of the anonymous subclass. */
    protected GenericType() {
        if (getClass().getGenericSuperclass() instanceof ParameterizedType parameterized
                && parameterized.getRawType() == GenericType.class) {
            this.type = parameterized.getActualTypeArguments()[0];
        } else {
            throw new IllegalArgumentException("Write new GenericType<List<Order>>() {} with a type argument");
        }
    }

    /**
     * Return the type.
     *
     * @return the type with its arguments
     */
    public final Type type() {
        return type;
    }

    @Override
    public final String toString() {
        return type.getTypeName();
    }
}
