// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.MechaException;
import io.mecha.PropertyNames;
import io.mecha.autoconfigure.configuration.ComponentConfiguration;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.codec.Codecs;
import io.mecha.lifecycle.ConfigurationChange;
import io.mecha.lifecycle.configuration.ReloadFollower;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.engine.StateStoreRegistry;
import io.mecha.state.engine.StoreTuning;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.core.env.Environment;

/** The stores as they take over new settings: time to live, attempts of compute, and the bounds of a near cache that is there. */
final class StoreReload implements ReloadFollower {

    private final StateStoreRegistry stores;
    private final Codecs codecs;

    StoreReload(StateStoreRegistry stores, Codecs codecs) {
        this.stores = stores;
        this.codecs = codecs;
    }

    @Override
    public Prepared prepare(Environment environment, ConfigurationChange change) {
        if (!change.touches("mecha.state")) {
            return Prepared.NOTHING;
        }
        MistakeCollector mistakes = StateProperties.KIND.mistakes();
        ComponentConfiguration<StateProperties, StateProperties.Store> configuration =
                ComponentConfiguration.read(StateProperties.KIND, environment, mistakes);
        Set<String> keys = new HashSet<>();
        List<Runnable> actions = new ArrayList<>();
        for (StateStoreComponent store : stores.components()) {
            StateProperties.Store properties =
                    configuration.component(store.name()).orElse(StateProperties.Store.DEFAULTS);
            StoreOptions options =
                    StoreOptions.check(configuration.propertyOf(store.name()), properties, codecs, mistakes);
            if (!mistakes.isEmpty()) {
                continue;
            }
            StoreTuning tuning = options.tuning();
            try {
                store.check(tuning);
            } catch (MechaException outOfBounds) {
                mistakes.add(PropertyNames.store(store.name(), "time-to-live"), outOfBounds);
            }
            keys.addAll(followed(store, tuning, change));
            actions.add(() -> store.tune(tuning));
        }
        mistakes.throwIfAny();
        return new Prepared(keys, () -> actions.forEach(Runnable::run));
    }

    private static Set<String> followed(StateStoreComponent store, StoreTuning tuning, ConfigurationChange change) {
        boolean stays = store.nearCache().isPresent() == (tuning.nearCache() != null);
        Set<String> followed = new HashSet<>();
        for (String key : change.keys()) {
            boolean tuned = key.equals(PropertyNames.store(store.name(), "time-to-live"))
                    || key.equals(PropertyNames.store(store.name(), "compute-attempts"))
                    || (stays && key.startsWith(PropertyNames.store(store.name(), "near-cache.")));
            if (tuned) {
                followed.add(key);
            }
        }
        return followed;
    }
}
