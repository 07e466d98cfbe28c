// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import io.mecha.coordination.ClusterSingleton;
import io.mecha.coordination.Idempotent;
import io.mecha.coordination.LeaderOnly;
import io.mecha.coordination.Locked;
import java.util.List;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of a warning where annotations of coordination are used and switched off.
 *
 * @since 1.0
 */
@AutoConfiguration(
        after = CoordinationAutoConfiguration.class,
        afterName = "io.mecha.coordination.autoconfigure.idempotency.IdempotencyAutoConfiguration")
public final class UnheededAutoConfiguration {

    private static final String STATE = "mecha.state.enabled";

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    @ConditionalOnMissingBean(name = "mechaLockedMethods")
    UnheededAnnotations mechaUnheededCoordination(ConfigurableListableBeanFactory beans, Environment environment) {
        return new UnheededAnnotations(
                beans,
                reason(environment, "mecha.coordination.enabled"),
                List.of(
                        new UnheededAnnotations.Unheeded(Locked.class, "methods run without a lock"),
                        new UnheededAnnotations.Unheeded(LeaderOnly.class, "methods run on every node"),
                        new UnheededAnnotations.Unheeded(ClusterSingleton.class, "beans never start")));
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    @ConditionalOnMissingBean(name = "mechaIdempotentCalls")
    UnheededAnnotations mechaUnheededIdempotency(ConfigurableListableBeanFactory beans, Environment environment) {
        return new UnheededAnnotations(
                beans,
                reason(environment, "mecha.coordination.idempotency.enabled"),
                List.of(new UnheededAnnotations.Unheeded(Idempotent.class, "methods run on each call")));
    }

    private static String reason(Environment environment, String own) {
        for (String property : List.of(own, STATE)) {
            if (!environment.getProperty(property, Boolean.class, true)) {
                return property + " is false";
            }
        }
        return "There are no state stores of Mecha";
    }
}
