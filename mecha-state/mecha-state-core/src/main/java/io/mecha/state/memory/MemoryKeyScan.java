// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import io.mecha.Page;
import io.mecha.PageRequest;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.KeyScan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A scan along the index. A token is the last key of the page before. */
final class MemoryKeyScan implements KeyScan {

    private static final String AFTER = "after ";

    private final MemoryStateBackend backend;
    private final Slots slots;
    private final Function<String, @Nullable Entry> live;

    /**
     * Scans a backend.
     *
     * @param live returns the value of a key as the caller sees it
     */
    MemoryKeyScan(MemoryStateBackend backend, Slots slots, Function<String, @Nullable Entry> live) {
        this.backend = backend;
        this.slots = slots;
        this.live = live;
    }

    @Override
    public boolean ordered() {
        return true;
    }

    @Override
    public Page<String> keys(String prefix, PageRequest page) {
        backend.requireOpen();
        String last = page.token() == null ? null : lastKey(prefix, page.token());
        List<String> keys = new ArrayList<>();
        for (String key : last == null ? slots.keysFrom(prefix, true) : slots.keysFrom(last, false)) {
            if (!key.startsWith(prefix)) {
                break;
            }
            if (live.apply(key) == null) {
                continue;
            }
            if (keys.size() == page.size()) {
                return new Page<>(keys, page.at(AFTER + keys.get(keys.size() - 1)));
            }
            keys.add(key);
        }
        return new Page<>(keys, null);
    }

    private static String lastKey(String prefix, String token) {
        if (!token.startsWith(AFTER + prefix)) {
            throw new IllegalArgumentException("Not a page token of this backend and prefix");
        }
        return token.substring(AFTER.length());
    }
}
