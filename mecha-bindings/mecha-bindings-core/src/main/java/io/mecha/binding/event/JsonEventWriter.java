// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.event;

import io.mecha.binding.Event;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A writer of whole events as JSON.
 *
 * <p>Source: CloudEvents 1.0.2, "JSON Event Format".
 */
final class JsonEventWriter {

    private static final JsonFactory JSON = JsonFactory.builder().build();

    private JsonEventWriter() {}

    static byte[] event(EventMessage message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            write(json, message);
        }
        return bytes.toByteArray();
    }

    static byte[] batch(Collection<EventMessage> messages) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartArray();
            messages.forEach(message -> write(json, message));
            json.writeEndArray();
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, EventMessage message) {
        Event<?> event = message.event();
        json.writeStartObject();
        json.writeStringProperty("specversion", "1.0");
        json.writeStringProperty("id", event.id());
        json.writeStringProperty("source", event.source());
        json.writeStringProperty("type", event.type());
        event.subject().ifPresent(subject -> json.writeStringProperty("subject", subject));
        event.time().ifPresent(time -> json.writeStringProperty("time", time.toString()));
        event.dataSchema().ifPresent(schema -> json.writeStringProperty("dataschema", schema));
        event.key().ifPresent(key -> json.writeStringProperty("partitionkey", key));
        event.extensions().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(extension -> attribute(json, extension.getKey(), extension.getValue()));
        String mediaType = message.dataContentType();
        if (mediaType != null) {
            json.writeStringProperty("datacontenttype", mediaType);
        }
        byte[] data = message.data();
        if (data != null) {
            data(json, mediaType == null ? MediaTypes.JSON : mediaType, data, message);
        }
        json.writeEndObject();
    }

    private static void attribute(JsonGenerator json, String name, Object value) {
        if (value instanceof Integer number) {
            json.writeNumberProperty(name, number);
        } else if (value instanceof Boolean flag) {
            json.writeBooleanProperty(name, flag);
        } else {
            json.writeStringProperty(name, AttributeText.of(value));
        }
    }

    private static void data(JsonGenerator json, String mediaType, byte[] data, EventMessage message) {
        if (MediaTypes.isJson(mediaType)) {
            json.writeName("data");
            // Text and bytes are the application's own; what is no JSON must not break the document.
            Object payload = message.event().payload().orElse(null);
            if (payload instanceof String
                    || payload instanceof byte[]
                    || !MediaTypes.isJson(message.codec().mediaType())) {
                requireJson(data);
            }
            json.writeRawValue(new String(data, StandardCharsets.UTF_8));
            return;
        }
        if (MediaTypes.isText(mediaType)) {
            String text = new String(data, StandardCharsets.UTF_8);
            if (Arrays.equals(text.getBytes(StandardCharsets.UTF_8), data)) {
                json.writeStringProperty("data", text);
                return;
            }
        }
        json.writeBinaryProperty("data_base64", data);
    }

    private static void requireJson(byte[] data) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), data)) {
            if (parser.nextToken() != null) {
                parser.skipChildren();
                parser.finishToken();
                if (parser.nextToken() == null) {
                    return;
                }
            }
        } catch (JacksonException malformed) {
            throw new IllegalArgumentException("its data is not JSON, as its content type says");
        }
        throw new IllegalArgumentException("its data is not one JSON value, as its content type says");
    }
}
