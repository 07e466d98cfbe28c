// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.autoconfigure.configuration.ComponentParts;
import io.mecha.autoconfigure.configuration.ConfigurationCheck;
import io.mecha.autoconfigure.injection.InjectionPoints;
import io.mecha.autoconfigure.injection.InjectionQualifierPostProcessor;
import io.mecha.state.KeyValueStore;
import io.mecha.state.StateStore;
import io.mecha.state.StateStores;
import io.mecha.state.engine.StateStoreRegistry;
import io.mecha.state.memory.MemoryStateBackendFactory;
import io.mecha.state.spi.StateBackendFactory;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Role;
import org.springframework.context.annotation.Scope;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of state stores and their injection with {@code @StateStore}.
 *
 * <p>Stores come from {@code mecha.state.stores}; {@link StateStoreCustomizer} beans change them, {@code
 * StateBackendFactory} beans add types, and a {@link StateStores} bean replaces the whole.
 *
 * @since 1.0
 */
@AutoConfiguration(
        after = MechaAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnBooleanProperty(name = "mecha.state.enabled", matchIfMissing = true)
@ImportRuntimeHints(StateRuntimeHints.class)
public final class StateAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    MemoryStateBackendFactory memoryStateBackendFactory() {
        return new MemoryStateBackendFactory();
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static InjectionQualifierPostProcessor stateInjectionPostProcessor(Environment environment) {
        return new InjectionQualifierPostProcessor(new StateInjectionPoint.Qualifier(environment));
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    StateInjection stateInjection(ConfigurableListableBeanFactory beans, StateStores stores, Environment environment) {
        return new StateInjection(beans, stores, environment);
    }

    /** One for each injection point: its annotation names the store, its type the values. */
    @Bean(StateInjectionPoint.BEAN)
    @Scope(BeanDefinition.SCOPE_PROTOTYPE)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    KeyValueStore<?> mechaInjectedStateStore(InjectionPoint point, StateInjection injection) {
        return injection.resolve(point);
    }

    /** The stores, as a whole absent where an application brings its own. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(StateStores.class)
    static class Stores {

        @Bean
        StateStoreFactory stateStoreFactory(
                ComponentParts shared,
                ObjectProvider<StateBackendFactory> factories,
                ObjectProvider<StateBackendOverride> override,
                ObjectProvider<StateStoreCustomizer> customizers,
                ObjectProvider<ObservationRegistry> observations) {
            return new StateStoreFactory(new StateStoreParts(
                    shared,
                    factories.orderedStream().toList(),
                    override.getIfAvailable(),
                    customizers.orderedStream().toList(),
                    observations.getIfUnique(() -> ObservationRegistry.NOOP)));
        }

        /** Bound already; a bean so that Actuator reports it. */
        @Bean
        StateProperties mechaStateProperties(StateStoreFactory factory) {
            return factory.properties();
        }

        @Bean
        StateStoreRegistry stateStoreRegistry(
                StateStoreFactory factory,
                ConfigurableListableBeanFactory beans,
                Environment environment,
                ObjectProvider<ConfigurationCheck> checks) {
            try {
                return new StateStoreRegistry(factory.createConfigured(), factory::createUndeclared);
            } catch (InvalidConfigurationException invalid) {
                throw ConfigurationCheck.all(
                        invalid,
                        InjectionPoints.mistakes(
                                beans, StateStore.class, (point) -> StateInjectionPoint.of(point, environment)),
                        checks.orderedStream());
            }
        }

        @Bean
        ConfigurationCheck stateConfigurationCheck(ObjectProvider<StateStoreFactory> factory) {
            return () -> factory.getObject().check();
        }

        @Bean
        StoreReload stateReload(StateStoreRegistry stores, ComponentParts shared) {
            return new StoreReload(stores, shared.codecs());
        }

        @Bean
        StateComponents stateComponents(StateStoreRegistry stores, StateStoreFactory factory) {
            return new StateComponents(stores, factory);
        }
    }
}
