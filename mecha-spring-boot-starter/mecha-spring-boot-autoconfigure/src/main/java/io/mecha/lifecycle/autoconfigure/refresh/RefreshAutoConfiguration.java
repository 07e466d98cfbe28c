// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.refresh;

import io.mecha.lifecycle.autoconfigure.LifecycleAutoConfiguration;
import io.mecha.lifecycle.configuration.ConfigurationReloader;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.cloud.context.scope.refresh.RefreshScope;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the bridge to Spring Cloud Context: beans with {@code @RefreshScope}, and mutable ones with {@code
 * @ConfigurationProperties}, follow a reload where {@code mecha.lifecycle.config.refresh-scope} is {@code true}.
 *
 * @since 1.0
 */
@AutoConfiguration(
        after = LifecycleAutoConfiguration.class,
        afterName = "org.springframework.cloud.autoconfigure.RefreshAutoConfiguration")
public final class RefreshAutoConfiguration {

    /** Beans that need Spring Cloud Context, only where it is there. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({EnvironmentChangeEvent.class, RefreshScope.class})
    @ConditionalOnBean({ConfigurationReloader.class, RefreshScope.class})
    static class Bridge {

        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        RefreshBridge mechaRefreshBridge(
                ConfigurableApplicationContext context,
                ConfigurationReloader reloader,
                RefreshScope scope,
                Environment environment) {
            return new RefreshBridge(
                    context, reloader, scope, environment.getProperty(RefreshBridge.PROPERTY, Boolean.class, false));
        }
    }
}
