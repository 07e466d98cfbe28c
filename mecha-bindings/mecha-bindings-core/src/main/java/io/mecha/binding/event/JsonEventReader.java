// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.event;

import io.mecha.binding.InvalidEventException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * A reader of whole events from a stream of JSON tokens; the input never decides about a class.
 *
 * <p>Source: CloudEvents 1.0.2, "JSON Event Format".
 */
final class JsonEventReader {

    private static final int MAXIMUM_DEPTH = 500;
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAXIMUM_DEPTH)
                    .maxNameLength(AttributeText.MAXIMUM_LENGTH)
                    .maxStringLength(Integer.MAX_VALUE) // the body is in memory already
                    .build())
            .build();

    private final String channel;
    private final byte[] body;

    JsonEventReader(String channel, byte[] body) {
        this.channel = channel;
        this.body = body;
    }

    /** Reads one event, or an array of any number of them. */
    List<JsonEvent> read(boolean batch) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body)) {
            List<JsonEvent> events = new ArrayList<>();
            JsonToken token = json.nextToken();
            if (batch) {
                require(token == JsonToken.START_ARRAY, "a batch is a JSON array");
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    events.add(event(json));
                }
            } else {
                events.add(event(json));
            }
            require(json.nextToken() == null, "something follows the JSON document");
            return events;
        } catch (JacksonException malformed) {
            throw unreadable("its JSON is malformed or too deep");
        }
    }

    private JsonEvent event(JsonParser json) {
        require(json.currentToken() == JsonToken.START_OBJECT, "an event is a JSON object");
        Map<String, Object> attributes = new LinkedHashMap<>();
        String mediaType = null;
        Data data = null;
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            JsonToken token = json.nextToken();
            if (name.equals("data") || name.equals("data_base64")) {
                require(data == null, "it has data twice");
                data = name.equals("data") ? data(json, token) : binary(json, token);
            } else if (token != JsonToken.VALUE_NULL) {
                Object value = attribute(json, name, token);
                if (name.equals("datacontenttype")) {
                    mediaType = value.toString();
                } else {
                    require(
                            !(value instanceof String text) || AttributeText.isUnicode(text),
                            "an attribute has half of a character");
                    require(attributes.put(name, value) == null, "it has an attribute twice");
                }
                require(attributes.size() <= AttributeText.MAXIMUM_COUNT, "it has too many attributes");
            }
        }
        return new JsonEvent(attributes, mediaType, data == null ? null : data.bytes(mediaType));
    }

    private Object attribute(JsonParser json, String name, JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> json.getString();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT -> {
                require(json.getNumberType() == JsonParser.NumberType.INT, "an integer attribute has 32 bits");
                yield json.getIntValue();
            }
            default ->
                throw unreadable(
                        AttributeText.isName(name)
                                ? "attribute '%s' is no text, integer or boolean".formatted(name)
                                : "an attribute is no text, integer or boolean");
        };
    }

    private static Data binary(JsonParser json, JsonToken token) {
        return token == JsonToken.VALUE_NULL ? Data.NONE : new Data(null, json.getBinaryValue());
    }

    private Data data(JsonParser json, JsonToken token) {
        return switch (token) {
            case VALUE_NULL -> Data.NONE;
            case VALUE_STRING -> new Data(json.getString(), null);
            case START_OBJECT, START_ARRAY -> new Data(null, structure(json));
            default -> new Data(null, json.getString().getBytes(StandardCharsets.UTF_8));
        };
    }

    /** Cuts a value out of the body as it is; only where the body is not UTF-8, it is written anew. */
    private byte[] structure(JsonParser json) {
        long start = json.currentTokenLocation().getByteOffset();
        if (start < 0) {
            ByteArrayOutputStream copy = new ByteArrayOutputStream();
            try (JsonGenerator generator = JSON.createGenerator(ObjectWriteContext.empty(), copy)) {
                generator.copyCurrentStructureExact(json);
            }
            return copy.toByteArray();
        }
        json.skipChildren();
        return Arrays.copyOfRange(
                body, (int) start, (int) json.currentLocation().getByteOffset());
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            throw unreadable(otherwise);
        }
    }

    private InvalidEventException unreadable(String reason) {
        return InvalidEventException.unreadable(channel, reason);
    }

    /** One event of a document; its attributes are not checked yet. */
    record JsonEvent(
            Map<String, Object> attributes,
            @Nullable String mediaType,
            @SuppressWarnings("ArrayRecordComponent") // never compared
            byte @Nullable [] data) {}

    /** The data of an event whose meaning depends on a media type that may follow. */
    private record Data(
            @Nullable String text,
            @SuppressWarnings("ArrayRecordComponent") // never compared
            byte @Nullable [] bytes) {

        static final Data NONE = new Data(null, null);

        byte @Nullable [] bytes(@Nullable String mediaType) {
            if (text == null) {
                return bytes;
            }
            if (!MediaTypes.isJson(mediaType)) {
                return text.getBytes(StandardCharsets.UTF_8);
            }
            ByteArrayOutputStream quoted = new ByteArrayOutputStream();
            try (JsonGenerator generator = JSON.createGenerator(ObjectWriteContext.empty(), quoted)) {
                generator.writeString(text);
            }
            return quoted.toByteArray();
        }
    }
}
