// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.autoconfigure.handler.AnnotatedMethods;
import io.mecha.autoconfigure.handler.MethodRegistrar;
import io.mecha.autoconfigure.injection.InjectionPlace;
import io.mecha.lifecycle.Reloadable;
import io.mecha.lifecycle.configuration.ConfigurationReloader;
import io.mecha.lifecycle.configuration.ReloadFollower;
import io.mecha.lifecycle.configuration.ReloadableProperties;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Role;
import org.springframework.context.annotation.Scope;
import org.springframework.util.ClassUtils;

/**
 * Auto-configuration of the reload of configuration: {@code Reloadable} properties, and {@code @OnConfigurationChange} methods.
 *
 * @since 1.0
 */
@AutoConfiguration(after = MechaAutoConfiguration.class)
@EnableConfigurationProperties(LifecycleProperties.class)
public final class LifecycleAutoConfiguration {

    private static final String REFRESH_SCOPE = "org.springframework.cloud.context.scope.refresh.RefreshScope";

    @Bean
    @ConditionalOnMissingBean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    ReloadableProperties mechaReloadableProperties(ConfigurableApplicationContext context) {
        return new ReloadableProperties(context);
    }

    /** One for each injection point: its type says of which properties. */
    @Bean
    @Scope(BeanDefinition.SCOPE_PROTOTYPE)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    Reloadable<?> mechaReloadable(InjectionPoint point, ReloadableProperties properties) {
        return properties.of(
                InjectionPlace.type(point).as(Reloadable.class).getGeneric(), InjectionPlace.describe(point));
    }

    @Bean
    @ConditionalOnMissingBean
    @Conditional(OnWatchedConfiguration.class)
    ConfigurationReloader mechaConfigurationReloader(
            ConfigurableApplicationContext context,
            ReloadableProperties properties,
            LifecycleProperties lifecycle,
            ObjectProvider<InstantSource> clock) {
        LifecycleProperties.Config config = lifecycle.config();
        if (config.interval().compareTo(Duration.ofMillis(1)) < 0) {
            throw new InvalidConfigurationException(List.of(new Mistake(
                    "MECHA-L101",
                    "mecha.lifecycle.config.interval",
                    "%s is no time to rest.".formatted(config.interval()),
                    "Set mecha.lifecycle.config.interval to at least 1ms.")));
        }
        if (config.refreshScope() && !ClassUtils.isPresent(REFRESH_SCOPE, context.getClassLoader())) {
            throw new InvalidConfigurationException(List.of(new Mistake(
                    "MECHA-L101",
                    "mecha.lifecycle.config.refresh-scope",
                    "Spring Cloud Context, which has the refresh scope, is not there.",
                    "Add org.springframework.cloud:spring-cloud-context, or remove the property.")));
        }
        return new ConfigurationReloader(
                context,
                properties,
                config.watch(),
                LifecycleProperties.WATCH,
                config.interval(),
                clock.getIfUnique(InstantSource::system));
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    ConfigurationListeners mechaConfigurationListeners(
            ConfigurableListableBeanFactory beans,
            ObjectProvider<ConfigurationReloader> reloader,
            ObjectProvider<ReloadFollower> followers) {
        return new ConfigurationListeners(beans, reloader, followers);
    }

    /** The search for the annotations of all registrars. */
    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    AnnotatedMethods mechaAnnotatedMethods(
            ConfigurableListableBeanFactory beans, ObjectProvider<MethodRegistrar<?>> registrars) {
        return new AnnotatedMethods(beans, ConfigurationListeners.CODES, registrars);
    }
}
