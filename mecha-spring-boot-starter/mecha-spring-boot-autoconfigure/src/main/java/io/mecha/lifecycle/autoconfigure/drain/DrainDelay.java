// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.drain;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;

/**
 * The time for which an application that ends still serves: that which is configured, or else 5 s where HTTP is served on a platform.
 *
 * <p>None where nobody was sent here: after a start that failed, in a restart of the developer tools, and in tests that do not set the
 * property themselves.
 */
final class DrainDelay implements ApplicationListener<AvailabilityChangeEvent<ReadinessState>> {

    private static final Duration ON_A_PLATFORM = Duration.ofSeconds(5);

    /** Where Spring's test framework keeps what a test sets; every {@code @SpringBootTest} sets something. */
    private static final String OF_A_TEST = "Inlined Test Properties";

    /** The class loader of an application that the developer tools restart. */
    private static final String RESTARTED = "RestartClassLoader";

    private final ConfigurableApplicationContext context;
    private final DrainProperties properties;
    private final BooleanSupplier servesHttp;
    private volatile boolean opened;

    DrainDelay(ConfigurableApplicationContext context, DrainProperties properties, BooleanSupplier servesHttp) {
        this.context = context;
        this.properties = properties;
        this.servesHttp = servesHttp;
    }

    @Override
    public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> readiness) {
        if (readiness.getState() == ReadinessState.ACCEPTING_TRAFFIC) {
            opened = true;
        }
    }

    Duration get() {
        Duration configured = properties.drainDelay();
        if (!opened || isRestarted() || isTestWithout(DrainProperties.DELAY)) {
            return Duration.ZERO;
        }
        if (configured != null) {
            return configured;
        }
        Duration most = properties.shutdownBudget().dividedBy(2);
        Duration usual = ON_A_PLATFORM.compareTo(most) < 0 ? ON_A_PLATFORM : most;
        return isOnPlatform() && servesHttp.getAsBoolean() ? usual : Duration.ZERO;
    }

    private boolean isRestarted() {
        ClassLoader loader = context.getClassLoader();
        return loader != null && loader.getClass().getSimpleName().equals(RESTARTED);
    }

    private boolean isTestWithout(String property) {
        PropertySource<?> test = environment().getPropertySources().get(OF_A_TEST);
        if (test == null) {
            return false;
        }
        @Nullable ConfigurationPropertySource readable = ConfigurationPropertySource.from(test);
        return readable == null
                || !new Binder(readable).bind(property, String.class).isBound();
    }

    private boolean isOnPlatform() {
        CloudPlatform platform = CloudPlatform.getActive(environment());
        return platform != null && platform != CloudPlatform.NONE;
    }

    private ConfigurableEnvironment environment() {
        return context.getEnvironment();
    }
}
