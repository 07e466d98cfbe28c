// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.codec.jackson;

import com.fasterxml.jackson.annotation.JsonTypeInfo.As;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;
import tools.jackson.core.type.WritableTypeId;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.jsontype.TypeIdResolver;
import tools.jackson.databind.jsontype.TypeSerializer;

/** A serializer that writes the type id that the class of each value declares, and none where it declares none. */
final class RuntimeTypeSerializer extends TypeSerializer {

    private final Map<Class<?>, Optional<TypeSerializer>> known = new ConcurrentHashMap<>();

    @Override
    public TypeSerializer forProperty(SerializationContext context, BeanProperty property) {
        return this;
    }

    @Override
    public As getTypeInclusion() {
        return As.PROPERTY;
    }

    @Override
    public @Nullable String getPropertyName() {
        return null;
    }

    @Override
    public @Nullable TypeIdResolver getTypeIdResolver() {
        return null;
    }

    @Override
    public WritableTypeId writeTypePrefix(JsonGenerator json, SerializationContext context, WritableTypeId id) {
        TypeSerializer own = own(context, id);
        if (own != null) {
            WritableTypeId typed = own.typeId(id.forValue, id.valueShape);
            typed.forValueType = id.forValueType;
            return own.writeTypePrefix(json, context, typed);
        }
        if (id.valueShape == JsonToken.START_OBJECT) {
            json.writeStartObject(id.forValue);
        } else if (id.valueShape == JsonToken.START_ARRAY) {
            json.writeStartArray(id.forValue);
        }
        return id;
    }

    @Override
    public WritableTypeId writeTypeSuffix(JsonGenerator json, SerializationContext context, WritableTypeId id) {
        TypeSerializer own = own(context, id);
        if (own != null) {
            return own.writeTypeSuffix(json, context, id);
        }
        if (id.valueShape == JsonToken.START_OBJECT) {
            json.writeEndObject();
        } else if (id.valueShape == JsonToken.START_ARRAY) {
            json.writeEndArray();
        }
        return id;
    }

    private @Nullable TypeSerializer own(SerializationContext context, WritableTypeId id) {
        return known.computeIfAbsent(
                        id.forValue.getClass(),
                        type -> Optional.ofNullable(context.findTypeSerializer(context.constructType(type))))
                .orElse(null);
    }
}
