// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.autoconfigure;

import io.mecha.Page;
import io.mecha.PageRequest;
import io.mecha.state.Precondition;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.StateBackend;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A backend that can be put back to an earlier content. */
final class TestBackend {

    private final StateBackend backend;
    private final InstantSource clock;
    private final Map<String, Kept> kept = new HashMap<>();

    TestBackend(StateBackend backend, InstantSource clock) {
        this.backend = backend;
        this.clock = clock;
    }

    void remember() {
        kept.clear();
        entries().forEach((key, entry) -> kept.put(key, new Kept(entry, timeToLive(entry))));
    }

    private @Nullable Duration timeToLive(Entry entry) {
        return entry.expiresAt() == null ? null : Duration.between(clock.instant(), entry.expiresAt());
    }

    void restore() {
        Map<String, Entry> now = entries();
        List<Mutation> mutations = new ArrayList<>();
        for (String key : now.keySet()) {
            if (!kept.containsKey(key)) {
                mutations.add(new Mutation.Remove(key, Precondition.NONE));
            }
        }
        kept.forEach((key, was) -> {
            Entry is = now.get(key);
            if (is == null || !is.version().equals(was.entry.version())) {
                mutations.add(new Mutation.Put(key, was.entry.value(), was.timeToLive, Precondition.NONE));
            }
        });
        backend.writeAll(mutations);
        // Writing gave new versions: those are what to compare with the next time.
        backend.readAll(kept.keySet())
                .forEach((key, entry) -> kept.computeIfPresent(key, (same, was) -> new Kept(entry, was.timeToLive)));
    }

    private Map<String, Entry> entries() {
        KeyScan scan = backend.capabilities().find(KeyScan.class).orElseThrow();
        Map<String, Entry> entries = new HashMap<>();
        Optional<PageRequest> request = Optional.of(PageRequest.first(PageRequest.MAXIMUM_SIZE));
        while (request.isPresent()) {
            Page<String> page = scan.keys("", request.get());
            entries.putAll(backend.readAll(page.items()));
            request = page.next();
        }
        return entries;
    }

    /** The value of a key, and for how long the key was to have it. */
    private record Kept(Entry entry, @Nullable Duration timeToLive) {}
}
