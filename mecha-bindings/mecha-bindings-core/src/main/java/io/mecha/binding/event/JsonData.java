// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.event;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The fields of JSON data that is parsed once. */
public final class JsonData {

    /** Data that has no fields. */
    static final JsonData NONE = new JsonData(null);

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final @Nullable JsonNode root;

    private JsonData(@Nullable JsonNode root) {
        this.root = root;
    }

    /**
     * Parse JSON; malformed data has no fields.
     *
     * @param data a JSON document in UTF-8, UTF-16 or UTF-32; {@code null} or empty for one without fields
     * @return the parsed document
     */
    public static JsonData parse(byte @Nullable [] data) {
        if (data == null || data.length == 0) {
            return NONE;
        }
        try {
            return new JsonData(MAPPER.readTree(data));
        } catch (JacksonException malformed) {
            return NONE;
        }
    }

    /** Returns a String, Boolean or Integer, or {@code null}. */
    @Nullable Object find(List<String> pointer) {
        JsonNode node = root;
        for (int index = 0; index < pointer.size() && node != null; index++) {
            node = step(node, pointer.get(index));
        }
        if (node == null) {
            return null;
        }
        if (node.isString()) {
            return node.stringValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isIntegralNumber() && node.canConvertToInt() ? node.intValue() : null;
    }

    /**
     * Return a field as text, for keys; numbers may have any length.
     *
     * @param pointer the unescaped steps of a JSON pointer, RFC 6901; a list without steps is the whole document
     * @return a string, number or boolean as text; {@code null} if there is no such field, or it is an object, an array or null
     */
    public @Nullable String text(List<String> pointer) {
        JsonNode node = root;
        for (int index = 0; index < pointer.size() && node != null; index++) {
            node = step(node, pointer.get(index));
        }
        return node == null || !node.isValueNode() || node.isNull() ? null : node.asString();
    }

    private static @Nullable JsonNode step(JsonNode node, String step) {
        if (!node.isArray()) {
            return node.get(step);
        }
        boolean index = !step.isEmpty()
                && step.length() < 10
                && step.chars().allMatch(digit -> digit >= '0' && digit <= '9')
                && (step.length() == 1 || step.charAt(0) != '0');
        return index ? node.get(Integer.parseInt(step)) : null;
    }
}
