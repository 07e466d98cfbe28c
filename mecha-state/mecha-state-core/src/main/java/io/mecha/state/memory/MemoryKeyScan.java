// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import io.mecha.Page;
import io.mecha.PageRequest;
import io.mecha.state.spi.KeyScan;
import java.util.ArrayList;
import java.util.List;

/** Walk along the index. A token is the last key of the page before. */
final class MemoryKeyScan implements KeyScan {

    private static final String AFTER = "after ";

    private final MemoryStateBackend backend;
    private final Slots slots;

    MemoryKeyScan(MemoryStateBackend backend, Slots slots) {
        this.backend = backend;
        this.slots = slots;
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
            if (slots.live(slots.get(key)) == null) {
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
