// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure.endpoint;

import io.mecha.binding.Bindings;
import io.mecha.binding.autoconfigure.BindingAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of the {@code mechabindings} endpoint, which changes what channels do and is off until {@code
 * management.endpoint.mechabindings.access} says otherwise.
 *
 * @since 1.0
 */
@AutoConfiguration(
        after = BindingAutoConfiguration.class,
        afterName = "org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration")
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
public final class BindingEndpointAutoConfiguration {

    /** Beans under Actuator's own condition, only where there is one. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnAvailableEndpoint(BindingsEndpoint.class)
    @ConditionalOnBean(Bindings.class)
    static class Endpoints {

        @Bean
        @ConditionalOnMissingBean
        BindingsEndpoint mechaBindingsEndpoint(Bindings bindings) {
            return new BindingsEndpoint(bindings);
        }

        @Bean
        RequestCheck mechaBindingsRequestCheck() {
            return new RequestCheck(EndpointId.of("mechabindings"));
        }
    }
}
