// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency;

import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.coordination.autoconfigure.LeaseStores;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.engine.StateStoreRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.env.Environment;

/** The state store that keeps the calls, which is not created before it is needed. */
record IdempotencyStore(ObjectProvider<StateStoreRegistry> stores, String name, Environment environment) {

    void check(MistakeCollector mistakes) {
        LeaseStores.check(environment, IdempotencyProperties.PREFIX + ".store", name, stores.getObject(), mistakes);
    }

    StateStoreComponent component() {
        return stores.getObject().component(name);
    }
}
