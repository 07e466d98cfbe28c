// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import io.mecha.autoconfigure.MechaComponents;
import io.mecha.autoconfigure.advice.AdvisingPostProcessor;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.coordination.DistributedLocks;
import io.mecha.coordination.LeaderElection;
import io.mecha.coordination.LeaderOnly;
import io.mecha.coordination.Locked;
import io.mecha.coordination.engine.Coordination;
import io.mecha.lifecycle.drain.DrainSequence;
import io.mecha.lifecycle.start.StartGate;
import io.mecha.state.MissingCapabilityException;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.engine.StateStoreRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of locks and leaders: the beans {@link DistributedLocks} and {@link LeaderElection}, and what {@code @Locked},
 * {@code @LeaderOnly} and {@code @ClusterSingleton} do. Where nothing of it is used, no store is opened for it.
 *
 * @since 1.0
 */
@AutoConfiguration(after = StateAutoConfiguration.class)
@ConditionalOnBean(StateStoreRegistry.class)
@ConditionalOnBooleanProperty(name = "mecha.coordination.enabled", matchIfMissing = true)
@EnableConfigurationProperties(CoordinationProperties.class)
public final class CoordinationAutoConfiguration {

    private static final String COORDINATION = "mechaCoordination";
    private static final String LEASES = "mechaCoordinationLeases";
    private static final String CLASS_PROXIES = "spring.aop.proxy-target-class";

    private static final Duration WITHOUT_DRAIN = Duration.ofSeconds(10);

    /** Of two annotations on a method, a lock is inside of what only a leader does; {@code @Async} is outside of both. */
    private static final int LOCKS = 1_000;

    private static final int LEADERS = 1_001;

    @Bean(LEASES)
    LeaseStore mechaCoordinationLeases(
            CoordinationProperties properties,
            Environment environment,
            ObjectProvider<StateStoreRegistry> stores,
            ObjectProvider<MechaComponents> primitives) {
        return new LeaseStore(
                CoordinationProperties.PREFIX + ".store", properties.store(), environment, stores, primitives);
    }

    @Bean(COORDINATION)
    @Lazy
    Coordination mechaCoordination(
            CoordinationProperties properties,
            @Qualifier(LEASES) LeaseStore leases,
            ApplicationEventPublisher events,
            ObjectProvider<CoordinationObserver> observers,
            ObjectProvider<DrainSequence> drain) {
        MistakeCollector mistakes = new MistakeCollector();
        StateStoreComponent store = leases.component();
        try {
            Coordination.Builder builder = Coordination.builder(store)
                    .locks(CoordinationMistakes.lockOptions(properties.lock(), mistakes))
                    .elections(CoordinationMistakes.electionOptions(properties.election(), mistakes))
                    .observer(new LeadershipEvents(events))
                    .closing(left(drain));
            mistakes.throwIfAny();
            Coordination coordination = builder.build();
            observers.forEach((observer) -> observer.made(coordination));
            return coordination;
        } catch (MissingCapabilityException missing) {
            throw CoordinationMistakes.store(store, missing);
        }
    }

    @Bean
    @Lazy
    @ConditionalOnMissingBean
    DistributedLocks mechaDistributedLocks(Coordination coordination) {
        return coordination.locks();
    }

    @Bean
    @Lazy
    @ConditionalOnMissingBean
    LeaderElection mechaLeaderElection(Coordination coordination) {
        return coordination.elections();
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static LockedMethods mechaLockedMethods(ObjectProvider<DistributedLocks> locks, Environment environment) {
        return new LockedMethods(locks::getObject, environment);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static Leaders mechaLeaders(
            ConfigurableListableBeanFactory beans, ObjectProvider<LeaderElection> election, Environment environment) {
        return new Leaders(beans, election::getObject, environment);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static AdvisingPostProcessor<Locked> mechaLockedPostProcessor(LockedMethods methods, Environment environment) {
        return new AdvisingPostProcessor<>(
                Locked.class, CoordinationMistakes.METHODS, methods::advice, LOCKS, classProxies(environment));
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static AdvisingPostProcessor<LeaderOnly> mechaLeaderOnlyPostProcessor(Leaders leaders, Environment environment) {
        return new AdvisingPostProcessor<>(
                LeaderOnly.class, CoordinationMistakes.METHODS, leaders::advice, LEADERS, classProxies(environment));
    }

    private static boolean classProxies(Environment environment) {
        return environment.getProperty(CLASS_PROXIES, Boolean.class, true);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    CoordinationLifecycle mechaCoordinationLifecycle(
            @Qualifier(LEASES) LeaseStore leases,
            LockedMethods locked,
            Leaders leaders,
            ObjectProvider<Coordination> coordination,
            ObjectProvider<DrainSequence> drain,
            ObjectProvider<StartGate> gate,
            ConfigurableListableBeanFactory beans) {
        return new CoordinationLifecycle(
                leases,
                locked,
                leaders,
                coordination,
                used(coordination, beans),
                left(drain),
                gate.getIfAvailable(StartGate::opened));
    }

    @Bean
    CoordinationComponents mechaCoordinationComponents(
            ObjectProvider<Coordination> coordination, ConfigurableListableBeanFactory beans) {
        return new CoordinationComponents(used(coordination, beans));
    }

    @Bean
    LeadershipDrain mechaLeadershipDrain(
            ObjectProvider<Coordination> coordination, ConfigurableListableBeanFactory beans) {
        return new LeadershipDrain(used(coordination, beans));
    }

    /** The meters, where Micrometer is there. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    static class Meters {

        @Bean
        @Lazy
        CoordinationMetrics mechaCoordinationMetrics(ObjectProvider<MeterRegistry> registry) {
            return new CoordinationMetrics(registry);
        }
    }

    /** Returns nothing as long as nobody has asked for locks or leaders, and asks for none itself. */
    private static Supplier<@Nullable Coordination> used(
            ObjectProvider<Coordination> coordination, ConfigurableListableBeanFactory beans) {
        return () -> beans.containsSingleton(COORDINATION) ? coordination.getObject() : null;
    }

    /** Returns the time that is left for leaders to step down when the application ends. */
    private static Supplier<Duration> left(ObjectProvider<DrainSequence> drain) {
        DrainSequence sequence = drain.getIfAvailable();
        return sequence == null ? () -> WITHOUT_DRAIN : sequence::remaining;
    }
}
