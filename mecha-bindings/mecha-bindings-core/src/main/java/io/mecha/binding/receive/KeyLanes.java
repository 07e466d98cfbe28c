// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Lanes in which events of one key follow each other, without a lock and at no cost to other keys.
 *
 * <p>The map holds the last event of each key; each event holds its follower. A new event replaces the last one and becomes its
 * follower; an event that leaves removes itself if it is still the last, and otherwise wakes its follower. When a follower has
 * replaced it in the map but is not linked yet, the compare-and-set on the link decides which of the two goes on with the follower.
 */
final class KeyLanes {

    private final ConcurrentMap<String, Work> last = new ConcurrentHashMap<>();

    /**
     * Puts an event at the end of its lane. Calls for one key do not overlap.
     *
     * @return whether nobody is before it
     */
    boolean enter(Work work, String key) {
        work.lane(key);
        Work before = last.put(key, work);
        return before == null || !before.link(work);
    }

    /**
     * Removes the first event of its lane.
     *
     * @return the one that is first now and was waiting, or {@code null}
     */
    @Nullable Work leave(Work work) {
        String key = work.lane();
        return key == null || last.remove(key, work) ? null : work.seal();
    }

    /** Returns how many keys have events. */
    int size() {
        return last.size();
    }
}
