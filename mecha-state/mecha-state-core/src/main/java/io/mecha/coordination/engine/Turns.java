// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The turns that this node has with locks, so that other nodes get theirs.
 *
 * <p>Nodes that wait ask every now and then, and rarely in the moment between two holders of one node. So a node that has held a lock for a
 * while, with no more than moments in between, lets it be for longer than others rest between two questions. Holds of less than a
 * millisecond leave moments enough, and are not counted.
 */
final class Turns {

    private static final long COUNTED = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int FEW = 1_024;

    private final long turn;
    private final long pause;
    private final Map<String, Turn> turns = new ConcurrentHashMap<>();
    private final AtomicInteger many = new AtomicInteger(FEW);

    /**
     * Make turns.
     *
     * @param turn how long a node holds a lock before it lets it be
     * @param pause for how long it does; longer than the longest rest of those that wait
     */
    Turns(Duration turn, Duration pause) {
        this.turn = turn.toNanos();
        this.pause = pause.toNanos();
    }

    private record Turn(long held, long end) {}

    /** Tell for how many nanoseconds to let a lock be. */
    long pause(String name, long now) {
        Turn last = turns.get(name);
        return last == null || last.held() < turn ? 0 : Math.max(0, pause - (now - last.end()));
    }

    /** Count what was held until now. */
    void ended(String name, long held, long now) {
        if (held < COUNTED) {
            return;
        }
        turns.compute(name, (key, last) -> {
            boolean goesOn = last != null && now - held - last.end() < pause;
            return new Turn(goesOn ? last.held() + held : held, now);
        });
        int limit = many.get();
        if (turns.size() > limit && many.compareAndSet(limit, Integer.MAX_VALUE)) {
            turns.values().removeIf(last -> now - last.end() >= pause);
            many.set(Math.max(FEW, 2 * turns.size()));
        }
    }
}
