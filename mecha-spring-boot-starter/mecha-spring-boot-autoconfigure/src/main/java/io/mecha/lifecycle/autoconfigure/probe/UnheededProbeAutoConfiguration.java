// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.probe;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.util.ClassUtils;

/**
 * Auto-configuration of a warning where {@code @Probe} is used without Actuator's health, or with Mecha's part of it switched off.
 *
 * @since 1.0
 */
@AutoConfiguration(after = ProbeAutoConfiguration.class)
public final class UnheededProbeAutoConfiguration {

    private static final String HEALTH = "org.springframework.boot.health.contributor.HealthIndicator";

    @Bean
    @ConditionalOnMissingBean(name = "mechaProbeMethods")
    UnheededProbes mechaUnheededProbes(ApplicationContext context) {
        return new UnheededProbes(
                ClassUtils.isPresent(HEALTH, context.getClassLoader())
                        ? "Set management.health.mecha.enabled to true"
                        : "Add org.springframework.boot:spring-boot-starter-actuator, whose health groups ask probes");
    }
}
