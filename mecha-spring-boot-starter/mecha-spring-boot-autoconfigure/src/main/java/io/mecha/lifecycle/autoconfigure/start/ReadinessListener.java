// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.start;

import io.mecha.lifecycle.start.StartLifecycle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The moment at which Spring Boot has told all listeners that the application is ready.
 *
 * <p>A refusal from inside of that event reaches listeners without an order before the event itself does.
 */
final class ReadinessListener implements SpringApplicationRunListener {

    @Override
    public void ready(ConfigurableApplicationContext context, @Nullable Duration timeTaken) {
        if (context.isActive()) {
            context.getBeanProvider(StartLifecycle.class).ifAvailable(StartLifecycle::ready);
        }
    }
}
