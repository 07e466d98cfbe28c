// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import io.mecha.Page;
import io.mecha.state.InvalidStateRequestException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules that keys and times to live obey on every backend. */
final class StateRules {

    /** What keys of engines contain, and those of the application do not. */
    static final String RESERVED = "||mecha||";

    private static final int MAXIMUM_KEY_LENGTH = 512;
    private static final Duration MINIMUM_TIME_TO_LIVE = Duration.ofMillis(1);
    private static final Duration MAXIMUM_TIME_TO_LIVE = Duration.ofDays(36_500);

    private StateRules() {}

    static void checkKey(String store, @Nullable String key) {
        if (key == null) {
            throw InvalidStateRequestException.missing(store, "key");
        }
        checkText(store, key);
        if (key.contains(RESERVED)) {
            throw InvalidStateRequestException.key(store, "contains '%s', which is reserved".formatted(RESERVED));
        }
        if (key.isBlank()) {
            throw InvalidStateRequestException.key(store, "is blank");
        }
    }

    /** Leaves out the keys of engines; such a page may have fewer items than were asked for. */
    static Page<String> withoutReserved(Page<String> page) {
        List<String> items = page.items();
        return items.stream().noneMatch(key -> key.contains(RESERVED))
                ? page
                : new Page<>(
                        items.stream().filter(key -> !key.contains(RESERVED)).toList(), page.following());
    }

    static void checkKeyPrefix(String store, @Nullable String prefix) {
        if (prefix == null) {
            throw InvalidStateRequestException.missing(store, "key prefix");
        }
        checkText(store, prefix);
    }

    private static void checkText(String store, String key) {
        int length = key.length();
        if (length > MAXIMUM_KEY_LENGTH) {
            throw InvalidStateRequestException.key(store, "has %d characters".formatted(length));
        }
        for (int index = 0; index < length; index++) {
            char character = key.charAt(index);
            if (Character.isISOControl(character)) {
                throw InvalidStateRequestException.key(store, "has a control character at index %d".formatted(index));
            }
            if (Character.isSurrogate(character)) {
                index = checkSurrogate(store, key, index);
            }
        }
    }

    // An unpaired surrogate has no UTF-8 form: two such keys would become one in the backend.
    private static int checkSurrogate(String store, String key, int index) {
        if (Character.isHighSurrogate(key.charAt(index))
                && index + 1 < key.length()
                && Character.isLowSurrogate(key.charAt(index + 1))) {
            return index + 1;
        }
        throw InvalidStateRequestException.key(store, "has an unpaired surrogate at index %d".formatted(index));
    }

    /** Returns the duration cut to milliseconds, or {@code null} for none. */
    static @Nullable Duration checkTimeToLive(String store, @Nullable Duration timeToLive) {
        if (timeToLive == null) {
            return null;
        }
        if (timeToLive.compareTo(MINIMUM_TIME_TO_LIVE) < 0 || timeToLive.compareTo(MAXIMUM_TIME_TO_LIVE) > 0) {
            throw InvalidStateRequestException.timeToLive(store, timeToLive);
        }
        return Duration.ofMillis(timeToLive.toMillis());
    }
}
