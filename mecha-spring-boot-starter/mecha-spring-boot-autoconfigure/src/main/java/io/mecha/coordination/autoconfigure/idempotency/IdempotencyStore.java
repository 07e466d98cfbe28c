// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency;

import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.engine.StateStoreRegistry;
import org.springframework.beans.factory.ObjectProvider;

/** The state store that keeps the calls, which is not created before it is needed. */
record IdempotencyStore(ObjectProvider<StateStoreRegistry> stores, String name) {

    StateStoreComponent component() {
        return stores.getObject().component(name);
    }
}
