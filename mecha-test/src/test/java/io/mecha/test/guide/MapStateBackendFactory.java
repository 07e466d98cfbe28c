// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.guide;

import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.StateBackendFactory;

// tag::factory[]
final class MapStateBackendFactory implements StateBackendFactory {

    @Override
    public String type() {
        return MapStateBackend.TYPE; // mecha.state.stores.<name>.type: map
    }

    @Override
    public boolean sharesKeys() {
        return false; // each store has a map of its own, so that keys need no prefix
    }

    @Override
    public StateBackend create(Settings settings) {
        return new MapStateBackend(settings.store(), settings.clock());
    }
}
// end::factory[]
