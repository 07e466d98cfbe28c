// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.start;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.RetryPolicy;
import io.mecha.autoconfigure.MechaComponents;
import io.mecha.coordination.DistributedLocks;
import io.mecha.coordination.InvalidCoordinationRequestException;
import io.mecha.coordination.LockOptions;
import io.mecha.lifecycle.autoconfigure.LifecycleAutoConfiguration;
import io.mecha.lifecycle.start.StartGate;
import io.mecha.lifecycle.start.StartLifecycle;
import io.mecha.lifecycle.start.StartSequence;
import io.mecha.lifecycle.start.StartStep;
import io.mecha.runtime.NodeIdentity;
import io.mecha.state.engine.StateStoreRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the start: {@code @Initializer} methods and connections, before the application receives and is ready.
 *
 * @since 1.0
 */
@AutoConfiguration(after = LifecycleAutoConfiguration.class)
@EnableConfigurationProperties(StartProperties.class)
public final class StartAutoConfiguration {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    StartGate mechaStartGate() {
        return new StartGate();
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    InitializerMethods mechaInitializerMethods(
            ConfigurableListableBeanFactory beans,
            Environment environment,
            StartProperties properties,
            ObjectProvider<DistributedLocks> locks,
            ObjectProvider<StateStoreRegistry> stores,
            NodeIdentity node) {
        requirePositive("warm-up-timeout", properties.warmUpTimeout());
        requirePositive("timeout", properties.timeout());
        requireLease(properties.lease());
        requirePolicy(properties.retry());
        return new InitializerMethods(
                beans, environment, properties, new ClusterInitializers(locks, stores, properties.lease(), node));
    }

    private static void requirePolicy(StartProperties.Retry retry) {
        try {
            RetryPolicy unused = retry.policy();
        } catch (IllegalArgumentException wrong) {
            throw new InvalidConfigurationException(List.of(new Mistake(
                    "MECHA-L204",
                    "mecha.lifecycle.start.retry",
                    wrong.getMessage() + ".",
                    "Set at least one attempt, positive durations, a multiplier from 1 and a jitter from 0 to 1.")));
        }
    }

    private static void requireLease(Duration lease) {
        try {
            LockOptions unused = LockOptions.defaults().lease(lease);
        } catch (InvalidCoordinationRequestException outOfBounds) {
            throw new InvalidConfigurationException(List.of(new Mistake(
                    "MECHA-L204",
                    "mecha.lifecycle.start.lease",
                    "%s is out of bounds.".formatted(lease),
                    "Set mecha.lifecycle.start.lease to one second to 366 days, for example 30s.")));
        }
    }

    private static void requirePositive(String key, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new InvalidConfigurationException(List.of(new Mistake(
                    "MECHA-L204",
                    "mecha.lifecycle.start." + key,
                    "%s is no time to wait.".formatted(timeout),
                    "Set a positive duration, for example 5s.")));
        }
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    StartLifecycle mechaStartLifecycle(
            ConfigurableApplicationContext context,
            StartGate gate,
            StartProperties properties,
            InitializerMethods initializers,
            ObjectProvider<MechaComponents> primitives,
            ObjectProvider<InstantSource> clock) {
        return new StartLifecycle(context, gate, () -> {
            List<StartStep> steps = new ArrayList<>();
            if (properties.warmUp()) {
                steps.addAll(Connections.of(primitives, properties.warmUpTimeout()));
            }
            steps.addAll(initializers.steps());
            return new StartSequence(steps, gate, clock.getIfUnique(InstantSource::system));
        });
    }

    @Bean
    StartDrain mechaStartDrain(StartLifecycle lifecycle) {
        return new StartDrain(lifecycle);
    }

    @Bean
    StartComponents mechaStartComponents(StartLifecycle lifecycle) {
        return new StartComponents(lifecycle);
    }
}
