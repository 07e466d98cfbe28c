// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.endpoint;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.autoconfigure.MechaComponents;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of the {@code mecha} endpoint where Actuator is on the class path.
 *
 * @since 1.0
 */
@AutoConfiguration(
        after = MechaAutoConfiguration.class,
        afterName = "org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration")
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
public final class MechaEndpointAutoConfiguration {

    /** Beans under Actuator's own condition, only where there is one. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnAvailableEndpoint(MechaEndpoint.class)
    static class Endpoints {

        @Bean
        @ConditionalOnMissingBean
        MechaEndpoint mechaEndpoint(ObjectProvider<MechaComponents> primitives) {
            return new MechaEndpoint(primitives.orderedStream().toList());
        }
    }

    /** A sanitizer that keeps secrets out of Actuator's reports of properties, for everybody who may see values. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(SanitizingFunction.class)
    static class Sanitizing {

        @Bean
        SanitizingFunction mechaSanitizingFunction() {
            return new SecretSanitizer();
        }
    }
}
