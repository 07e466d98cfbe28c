// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure.metrics;

import io.mecha.state.engine.StateStoreRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;

/** The meters of the near caches of stores, as {@code cache.*}, with the store's name as the cache's. */
final class NearCacheMetrics implements MeterBinder {

    private final StateStoreRegistry stores;

    NearCacheMetrics(StateStoreRegistry stores) {
        this.stores = stores;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        // Only a configured store has a near cache, and all those are there from the start.
        // The tag cache.manager is what Spring Boot's own cache meters have; some registries want equal tags.
        stores.components()
                .forEach((store) -> store.nearCache()
                        .ifPresent((cache) ->
                                CaffeineCacheMetrics.monitor(registry, cache, store.name(), "cache.manager", "mecha")));
    }
}
