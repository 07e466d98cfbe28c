// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The messages of one key of one group; guarded by the group's lock. */
final class KeyLane {

    final String key;
    final ArrayDeque<Queued> waiting = new ArrayDeque<>();

    /** The member that has messages of this key, and gets what follows; {@code null} if none has. */
    @Nullable MemoryConsumer owner;

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
     * Puts a message back, and before it those of the key that were handed out after it, or they would overtake it. The last
     * ends first: their receivers must not see one that is current behind one that is not.
     *
     * @return how many deliveries of the owner ended
     */
    int takeBack(MemoryDelivery from) {
        int ended = 0;
        for (Iterator<MemoryDelivery> last = out.descendingIterator(); last.hasNext(); ) {
            MemoryDelivery delivery = last.next();
            last.remove();
            if (delivery.finish()) {
                waiting.addFirst(delivery.queued);
                ended++;
            }
            if (delivery == from) {
                break;
            }
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
