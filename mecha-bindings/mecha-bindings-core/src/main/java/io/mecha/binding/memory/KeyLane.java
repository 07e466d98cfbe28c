// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The messages of one key of one group; guarded by the group's lock. */
final class KeyLane {

    final String key;
    final ArrayDeque<Queued> waiting = new ArrayDeque<>();

    /** The member that has messages of this key, and gets what follows; {@code null} if none has. */
    @Nullable MemoryIntake owner;

    private final ArrayDeque<MemoryDelivery> out = new ArrayDeque<>();

    KeyLane(String key) {
        this.key = key;
    }

    void handOut(MemoryDelivery delivery) {
        out.add(delivery);
    }

    void done(MemoryDelivery delivery) {
        out.removeFirstOccurrence(delivery);
        forgetOwnerIfIdle();
    }

    /**
     * Puts a message back, and before it those of the key that were handed out after it, or they would overtake it.
     *
     * @return how many deliveries of the owner ended
     */
    int takeBack(MemoryDelivery from) {
        List<Queued> back = new ArrayList<>();
        boolean found = false;
        int ended = 0;
        for (Iterator<MemoryDelivery> all = out.iterator(); all.hasNext(); ) {
            MemoryDelivery delivery = all.next();
            found |= delivery == from;
            if (found) {
                all.remove();
                if (delivery == from || delivery.finish()) {
                    back.add(delivery.queued);
                    ended++;
                }
            }
        }
        for (int i = back.size() - 1; i >= 0; i--) {
            waiting.addFirst(back.get(i));
        }
        forgetOwnerIfIdle();
        return ended;
    }

    private void forgetOwnerIfIdle() {
        if (out.isEmpty()) {
            owner = null;
        }
    }
}
