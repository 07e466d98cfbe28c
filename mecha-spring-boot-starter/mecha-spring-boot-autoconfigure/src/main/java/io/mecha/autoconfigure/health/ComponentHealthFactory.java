// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.health;

import io.mecha.autoconfigure.MechaComponents;
import io.mecha.runtime.Threads;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * A factory of the health contributor of a primitive.
 *
 * @since 1.0
 */
public final class ComponentHealthFactory {

    private final Executor executor = Threads.unbounded("mecha-health");
    private final Duration timeout;

    ComponentHealthFactory(Duration timeout) {
        this.timeout = timeout;
    }

    /**
     * Make the contributor that asks each component of a primitive.
     *
     * @param components the components, looked up at each check
     * @return the contributor
     */
    public ComponentHealth create(MechaComponents components) {
        return new ComponentHealth(components, executor, timeout);
    }
}
