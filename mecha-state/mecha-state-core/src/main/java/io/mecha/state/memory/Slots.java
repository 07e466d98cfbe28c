// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.mecha.runtime.ElapsedTime;
import io.mecha.state.memory.Slot.Held;
import io.mecha.state.memory.Slot.Stored;
import io.mecha.state.spi.Entry;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The slots of all keys, and the keys in order.
 *
 * <p>The map has the truth. The index follows it, inside the map's own atomic step for a key, and only when a key appears
 * or disappears; so a key is in the index exactly while the map has it, and overwriting a value never touches the index.
 */
final class Slots {

    private final ConcurrentMap<String, Slot> slots;
    private final NavigableSet<String> index = new ConcurrentSkipListSet<>(Slots::compareCodePoints);
    private final ElapsedTime time;

    /** Keep any number of keys, or as many as the bound allows. */
    Slots(ElapsedTime time, @Nullable Long maximumSize, Consumer<String> evicted) {
        this.time = time;
        this.slots = maximumSize == null ? new ConcurrentHashMap<>() : bounded(maximumSize, evicted);
    }

    /** A key in the hands of a transaction weighs nothing, because Caffeine never evicts what weighs nothing. */
    private ConcurrentMap<String, Slot> bounded(long maximumSize, Consumer<String> evicted) {
        return Caffeine.newBuilder()
                .maximumWeight(maximumSize)
                .weigher((String key, Slot slot) -> slot instanceof Held ? 0 : 1)
                .evictionListener((key, slot, cause) -> {
                    if (key != null) {
                        index.remove(key);
                        evicted.accept(key);
                    }
                })
                .executor(Runnable::run)
                .<String, Slot>build()
                .asMap();
    }

    @Nullable Slot get(String key) {
        return slots.get(key);
    }

    /** Return the value that a slot has now. */
    @Nullable Entry live(@Nullable Slot slot) {
        Stored stored = slot == null ? null : slot.stored();
        return stored == null || stored.isExpired(time) ? null : stored.entry();
    }

    /** Change what a key maps to if that is still what was seen; {@code null} is no slot. */
    boolean compareAndSet(String key, @Nullable Slot seen, @Nullable Slot next) {
        if (seen == null) {
            return next == null ? !slots.containsKey(key) : insert(key, next);
        }
        return next == null ? remove(key, seen) : slots.replace(key, seen, next);
    }

    private boolean insert(String key, Slot next) {
        Slot present = slots.computeIfAbsent(key, appearing -> {
            index.add(appearing);
            return next;
        });
        return present == next;
    }

    private boolean remove(String key, Slot seen) {
        boolean[] removed = {false};
        slots.computeIfPresent(key, (disappearing, present) -> {
            if (present != seen) {
                return present;
            }
            index.remove(disappearing);
            removed[0] = true;
            return null;
        });
        return removed[0];
    }

    /** Remove what has expired and tell whether something is left that will. */
    boolean removeExpired() {
        boolean[] more = {false};
        slots.forEach((key, slot) -> {
            if (slot instanceof Stored stored && stored.isExpired(time)) {
                remove(key, slot);
            } else if (slot instanceof Held || (slot instanceof Stored other && other.expires())) {
                more[0] = true;
            }
        });
        return more[0];
    }

    /** Return the keys from one on, in order; a key in the hands of a transaction is among them, with or without a value. */
    NavigableSet<String> keysFrom(String first, boolean inclusive) {
        return index.tailSet(first, inclusive);
    }

    int size() {
        return slots.size();
    }

    void clear() {
        slots.clear();
        index.clear();
    }

    /** Compare as UTF-8 bytes and code points do: unlike {@link String#compareTo}, characters beyond U+FFFF come last. */
    private static int compareCodePoints(String left, String right) {
        int common = Math.min(left.length(), right.length());
        for (int i = 0; i < common; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                return Character.isSurrogate(a) == Character.isSurrogate(b)
                        ? Character.compare(a, b)
                        : Character.isSurrogate(a) ? 1 : -1;
            }
        }
        return Integer.compare(left.length(), right.length());
    }
}
