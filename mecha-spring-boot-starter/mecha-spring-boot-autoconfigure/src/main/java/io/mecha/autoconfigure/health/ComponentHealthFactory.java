// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.health;

import io.mecha.autoconfigure.MechaComponents;
import java.time.Duration;
import org.springframework.boot.system.JavaVersion;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/**
 * A factory of the health contributor of a primitive.
 *
 * @since 1.0
 */
public final class ComponentHealthFactory {

    private final SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("mecha-health-");
    private final Duration timeout;

    ComponentHealthFactory(Duration timeout) {
        this.timeout = timeout;
        executor.setDaemon(true);
        executor.setVirtualThreads(JavaVersion.getJavaVersion().isEqualOrNewerThan(JavaVersion.TWENTY_ONE));
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
