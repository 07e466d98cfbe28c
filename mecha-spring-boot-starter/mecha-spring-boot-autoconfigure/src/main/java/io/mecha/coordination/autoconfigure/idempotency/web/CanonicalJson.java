// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency.web;

import io.mecha.coordination.autoconfigure.idempotency.CallNames;
import java.security.MessageDigest;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The digest of what a JSON text says: space, the order of members and the spelling of texts and numbers do not matter, the exact value of
 * numbers does.
 */
final class CanonicalJson {

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private CanonicalJson() {}

    /** Returns the digest; {@code null} for what is no JSON, says something twice or has a number with no shortest spelling. */
    static byte @Nullable [] digest(byte[] text) {
        try {
            MessageDigest digest = CallNames.digest();
            add(digest, STRICT.readTree(text));
            return digest.digest();
        } catch (JacksonException | ArithmeticException | StackOverflowError unreadable) {
            return null;
        }
    }

    private static void add(MessageDigest digest, JsonNode node) {
        if (node.isObject()) {
            digest.update((byte) '{');
            for (String name : new TreeSet<>(node.propertyNames())) {
                CallNames.add(digest, name);
                add(digest, node.get(name));
            }
            digest.update((byte) '}');
        } else if (node.isArray()) {
            digest.update((byte) '[');
            node.forEach((element) -> add(digest, element));
            digest.update((byte) ']');
        } else if (node.isNumber()) {
            digest.update((byte) 'n');
            CallNames.add(digest, node.decimalValue().stripTrailingZeros().toString());
        } else {
            digest.update((byte) (node.isString() ? 's' : 'x'));
            CallNames.add(digest, node.asString());
        }
    }
}
