// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.codec.jackson;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.jsontype.impl.StdTypeResolverBuilder;

/** The types that leave open what a value is: there the value's own type decides how it is written. */
final class OpenTypes {

    private OpenTypes() {}

    /** Tells whether a text or bytes can be a value of a type. */
    static boolean takesPlain(Type type) {
        return type instanceof Class<?> declared
                && (declared.isAssignableFrom(String.class) || declared.isAssignableFrom(byte[].class));
    }

    /** Tells whether a value, or an element of it, can be of any class. */
    static boolean isOpen(Type type) {
        if (type instanceof Class<?> declared) {
            return takesPlain(declared)
                    || Collection.class.isAssignableFrom(declared)
                    || Map.class.isAssignableFrom(declared)
                    || (declared.isArray() && isOpen(declared.getComponentType()));
        }
        if (type instanceof ParameterizedType generic) {
            return Arrays.stream(generic.getActualTypeArguments()).anyMatch(OpenTypes::isOpenArgument);
        }
        return type instanceof GenericArrayType array && isOpen(array.getGenericComponentType());
    }

    private static boolean isOpenArgument(Type type) {
        if (type instanceof WildcardType wildcard) {
            return isOpenArgument(wildcard.getUpperBounds()[0]);
        }
        return type != String.class && type != byte[].class && isOpen(type);
    }

    /** Returns a mapper that writes type ids also where no type is declared, as the class of the value has them. */
    static ObjectMapper writing(ObjectMapper mapper) {
        JavaType any = mapper.constructType(Object.class);
        return mapper.serializationConfig().getDefaultTyper(any) == null
                ? mapper.rebuild().setDefaultTyping(new Typing()).build()
                : mapper; // the application has decided
    }

    /** The typing of what is declared as {@code Object}, by the class of the value, and of nothing else. */
    private static final class Typing extends StdTypeResolverBuilder {

        @Override
        public @Nullable TypeSerializer buildTypeSerializer(
                SerializationContext context, JavaType baseType, Collection<NamedType> subtypes) {
            return baseType.isJavaLangObject() ? new RuntimeTypeSerializer() : null;
        }
    }
}
