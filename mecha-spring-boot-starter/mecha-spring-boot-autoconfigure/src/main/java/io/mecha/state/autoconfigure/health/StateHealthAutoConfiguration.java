// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure.health;

import io.mecha.autoconfigure.MechaComponents;
import io.mecha.autoconfigure.health.ComponentHealth;
import io.mecha.autoconfigure.health.ComponentHealthFactory;
import io.mecha.autoconfigure.health.MechaHealthAutoConfiguration;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of a health contributor for each state store, below {@code mechaState}.
 *
 * @since 1.0
 */
@AutoConfiguration(after = {StateAutoConfiguration.class, MechaHealthAutoConfiguration.class})
public final class StateHealthAutoConfiguration {

    /** Beans that need Spring Boot's health, only where it is there. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HealthContributor.class)
    @ConditionalOnBean(name = {"stateComponents", "mechaComponentHealthFactory"})
    static class StoreHealth {

        @Bean
        @ConditionalOnMissingBean(name = "mechaStateHealthContributor")
        ComponentHealth mechaStateHealthContributor(
                @Qualifier("stateComponents") MechaComponents components, ComponentHealthFactory factory) {
            return factory.create(components);
        }
    }
}
