// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.autoconfigure.configuration.ComponentParts;
import io.mecha.autoconfigure.configuration.ConfigurationCheck;
import io.mecha.autoconfigure.injection.InjectionPoints;
import io.mecha.autoconfigure.injection.InjectionQualifierPostProcessor;
import io.mecha.binding.Binding;
import io.mecha.binding.Bindings;
import io.mecha.binding.Channel;
import io.mecha.binding.Sender;
import io.mecha.binding.autoconfigure.handler.BindingHandlers;
import io.mecha.binding.channel.ChannelDefinition;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.memory.MemoryBindingBackendFactory;
import io.mecha.binding.memory.MemoryBroker;
import io.mecha.binding.spi.BindingBackendFactory;
import io.mecha.binding.timer.TimerBindingBackendFactory;
import io.mecha.codec.Codecs;
import io.mecha.lifecycle.start.StartGate;
import io.mecha.runtime.NodeIdentity;
import io.mecha.spi.TransactionRunner;
import io.mecha.state.StateStores;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.engine.StateStoreRegistry;
import io.mecha.state.spi.Leases;
import io.micrometer.observation.ObservationRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Role;
import org.springframework.context.annotation.Scope;
import org.springframework.core.env.Environment;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Auto-configuration of channels, {@code @Binding} methods and the injection of senders with {@code @Binding}.
 *
 * <p>Channels come from {@code mecha.bindings.channels}; {@code BindingBackendFactory} beans add types, {@link
 * BindingEngineCustomizer} beans change the engine, and a {@link Bindings} bean replaces the whole.
 *
 * @since 1.0
 */
@AutoConfiguration(
        after = {MechaAutoConfiguration.class, StateAutoConfiguration.class},
        afterName = {
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
            "org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration"
        })
@ConditionalOnBooleanProperty(name = "mecha.bindings.enabled", matchIfMissing = true)
@ImportRuntimeHints(BindingRuntimeHints.class)
public final class BindingAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    MemoryBroker mechaMemoryBroker(ObjectProvider<InstantSource> clock) {
        return new MemoryBroker(clock.getIfUnique(InstantSource::system));
    }

    @Bean
    @ConditionalOnMissingBean
    MemoryBindingBackendFactory memoryBindingBackendFactory(MemoryBroker broker) {
        return new MemoryBindingBackendFactory(broker);
    }

    @Bean
    @ConditionalOnMissingBean
    TimerBindingBackendFactory timerBindingBackendFactory(
            ObjectProvider<StateStores> stores, ObjectProvider<StateStoreRegistry> registry) {
        return new TimerBindingBackendFactory(
                (name) -> stores.getObject().store(name, byte[].class), (name) -> leases(registry.getObject(), name));
    }

    /** Finds the leases of a store, which must have some. */
    private static Leases leases(StateStoreRegistry stores, String name) {
        StateStoreComponent store = stores.component(name);
        store.require(Leases.class);
        return store.capabilities().find(Leases.class).orElseThrow();
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static InjectionQualifierPostProcessor bindingInjectionPostProcessor(Environment environment) {
        return new InjectionQualifierPostProcessor(new BindingInjectionPoint.Qualifier(environment));
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    BindingInjection bindingInjection(
            ConfigurableListableBeanFactory beans, Bindings bindings, Environment environment) {
        return new BindingInjection(beans, bindings, environment);
    }

    /** One for each injection point: its annotation names the channel, its type the payload. */
    @Bean(BindingInjectionPoint.SENDER_BEAN)
    @Scope(BeanDefinition.SCOPE_PROTOTYPE)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    Sender<?> mechaInjectedSender(InjectionPoint point, BindingInjection injection) {
        return injection.sender(point);
    }

    /** One for each injection point: its annotation names the channel. */
    @Bean(BindingInjectionPoint.CHANNEL_BEAN)
    @Scope(BeanDefinition.SCOPE_PROTOTYPE)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    Channel mechaInjectedChannel(InjectionPoint point, BindingInjection injection) {
        return injection.channel(point);
    }

    @Bean
    BindingHandlers bindingHandlers(
            ConfigurableListableBeanFactory beans,
            ObjectProvider<Bindings> bindings,
            Environment environment,
            ObjectProvider<ChannelFactory> channels) {
        return new BindingHandlers(
                BindingProperties.KIND,
                beans,
                bindings,
                environment,
                (channel) -> channels.getObject().defaultGroup(channel));
    }

    /** Names groups, also for an application that brings its own channels. */
    @Bean
    ChannelFactory mechaChannelFactory(
            ComponentParts shared,
            ObjectProvider<BindingBackendFactory> factories,
            ObjectProvider<BindingBackendOverride> override,
            ListableBeanFactory beans) {
        return new ChannelFactory(new BindingParts(
                shared,
                factories.orderedStream().toList(),
                override.getIfAvailable(),
                beans.getBeanNamesForType(StateStores.class, true, false).length > 0));
    }

    /** Bound already; a bean so that Actuator reports it. */
    @Bean
    BindingProperties mechaBindingProperties(ChannelFactory channels) {
        return channels.properties();
    }

    /** The channels, as a whole absent where an application brings its own. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(Bindings.class)
    static class Channels {

        @Bean
        BindingEngine bindingEngine(
                ChannelFactory channels,
                ConfigurableListableBeanFactory beans,
                Environment environment,
                NodeIdentity identity,
                ObjectProvider<StateStores> stores,
                ObjectProvider<StateStoreRegistry> registry,
                ObjectProvider<TransactionRunner> transactions,
                ObjectProvider<ObservationRegistry> observations,
                ObjectProvider<InstantSource> clock,
                ObjectProvider<BindingEngineCustomizer> customizers,
                ObjectProvider<ConfigurationCheck> checks,
                Codecs codecs) {
            BindingEngine.Builder engine = BindingEngine.builder()
                    .application(identity.application())
                    .node(identity.node())
                    .codecs(codecs)
                    .clock(clock.getIfUnique(InstantSource::system))
                    .observations(observations.getIfUnique(() -> ObservationRegistry.NOOP))
                    .stores((name) -> stores.getObject().store(name, byte[].class))
                    .leases((name) -> leases(registry.getObject(), name))
                    .transactions(transactions.getIfUnique())
                    .source(channels)
                    .channels(configured(channels, beans, environment, checks.orderedStream()));
            channels.sign(engine);
            customizers.orderedStream().forEach((customizer) -> customizer.customize(engine));
            return engine.build();
        }

        private static List<ChannelDefinition> configured(
                ChannelFactory channels,
                ConfigurableListableBeanFactory beans,
                Environment environment,
                Stream<ConfigurationCheck> checks) {
            try {
                return channels.createConfigured();
            } catch (InvalidConfigurationException invalid) {
                throw ConfigurationCheck.all(
                        invalid,
                        InjectionPoints.mistakes(
                                beans, Binding.class, (point) -> BindingInjectionPoint.of(point, environment)),
                        checks);
            }
        }

        @Bean
        ConfigurationCheck bindingConfigurationCheck(ObjectProvider<ChannelFactory> channels) {
            return () -> channels.getObject().check();
        }

        @Bean
        BindingLifecycle bindingLifecycle(
                BindingEngine engine, ChannelFactory channels, ObjectProvider<StartGate> gate) {
            return new BindingLifecycle(engine, channels.announcer(), gate.getIfAvailable(StartGate::opened));
        }

        @Bean
        BindingDrain bindingIntakeDrain(BindingLifecycle lifecycle) {
            return lifecycle.drains().get(0);
        }

        @Bean
        BindingDrain bindingHandlersDrain(BindingLifecycle lifecycle) {
            return lifecycle.drains().get(1);
        }

        @Bean
        @Conditional(OnKeepAlive.class)
        KeepAlive bindingKeepAlive(BindingEngine engine, ApplicationContext context, ChannelFactory channels) {
            return new KeepAlive(engine, context, channels::isDerived);
        }

        @Bean
        @ConditionalOnBooleanProperty("mecha.bindings.run-to-completion")
        RunToCompletion bindingRunToCompletion(ApplicationContext context) {
            return new RunToCompletion(context, System::exit);
        }

        @Bean
        ChannelReload bindingReload(BindingEngine engine, ComponentParts shared) {
            return new ChannelReload(engine, shared.codecs(), shared.identity().application());
        }

        @Bean
        BindingComponents bindingComponents(BindingEngine engine, ChannelFactory channels) {
            return new BindingComponents(engine, channels);
        }
    }

    /** The outboxes, which need the types of transactions on the class path. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(PlatformTransactionManager.class)
    static class Outboxes {

        @Bean
        OutboxTransactions mechaOutboxTransactions(ObjectProvider<BindingEngine> engine, ListableBeanFactory beans) {
            return new OutboxTransactions(engine, beans);
        }
    }

    /** Transactions that inboxes join where the application has them. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(PlatformTransactionManager.class)
    @ConditionalOnBean({PlatformTransactionManager.class, StateStoreRegistry.class})
    static class InboxTransactions {

        @Bean
        @ConditionalOnMissingBean(TransactionRunner.class)
        StoreTransactions mechaStoreTransactions(
                StateStoreRegistry stores, ObjectProvider<PlatformTransactionManager> managers) {
            return new StoreTransactions(stores, managers.orderedStream().toList());
        }
    }
}
