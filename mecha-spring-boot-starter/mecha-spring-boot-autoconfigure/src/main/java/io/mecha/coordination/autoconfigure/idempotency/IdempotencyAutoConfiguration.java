// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency;

import io.mecha.autoconfigure.MechaComponents;
import io.mecha.autoconfigure.advice.AdvisingPostProcessor;
import io.mecha.coordination.Idempotent;
import io.mecha.coordination.autoconfigure.LeaseStore;
import io.mecha.coordination.idempotency.Idempotency;
import io.mecha.runtime.NodeIdentity;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import io.mecha.state.engine.StateStoreRegistry;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Role;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.interceptor.TransactionAttributeSource;

/**
 * Auto-configuration of methods that run once for each key.
 *
 * @since 1.0
 */
@AutoConfiguration(after = StateAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "mecha.coordination.idempotency.enabled", matchIfMissing = true)
@ConditionalOnBean(StateStoreRegistry.class)
@EnableConfigurationProperties(IdempotencyProperties.class)
public final class IdempotencyAutoConfiguration {

    private static final String LEASES = "mechaIdempotencyLeases";

    @Bean(LEASES)
    LeaseStore mechaIdempotencyLeases(
            IdempotencyProperties properties,
            Environment environment,
            ObjectProvider<StateStoreRegistry> stores,
            ObjectProvider<MechaComponents> primitives) {
        return new LeaseStore(
                IdempotencyProperties.PREFIX + ".store", properties.store(), environment, stores, primitives);
    }

    @Bean
    WebSettings mechaIdempotencyWebSettings(IdempotencyProperties properties) {
        return new WebSettings(properties);
    }

    /** Not made before it is needed, because its state store may be one that is made with it. */
    @Bean
    @Lazy
    Idempotency mechaIdempotency(@Qualifier(LEASES) LeaseStore store, IdempotencyProperties properties) {
        return new Idempotency(store.component(), properties.lease());
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static IdempotentAdvices mechaIdempotentAdvices(Environment environment, ObjectProvider<IdempotentCalls> calls) {
        return new IdempotentAdvices(environment, calls);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static AdvisingPostProcessor<Idempotent> mechaIdempotentPostProcessor(
            IdempotentAdvices advices, Environment environment) {
        // Inside of @Async, which Spring puts around what is there.
        return new AdvisingPostProcessor<>(
                Idempotent.class,
                IdempotentAdvices.CODES,
                advices::advice,
                Ordered.LOWEST_PRECEDENCE - 1,
                environment.getProperty("spring.aop.proxy-target-class", Boolean.class, true));
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    IdempotentCalls mechaIdempotentCalls(
            IdempotencyProperties properties,
            IdempotentAdvices advices,
            @Qualifier(LEASES) LeaseStore store,
            ObjectProvider<Idempotency> engine,
            ObjectProvider<WebCalls> web,
            NodeIdentity identity,
            ObjectProvider<CallTransactions> transactions) {
        return new IdempotentCalls(
                properties,
                advices,
                store,
                engine,
                web,
                identity,
                transactions.getIfAvailable(() -> CallTransactions.NONE));
    }

    /** Transactions around calls. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({PlatformTransactionManager.class, TransactionAttributeSource.class})
    static class Transactional {

        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static OwnRollbacks mechaOwnRollbacks() {
            return new OwnRollbacks();
        }

        @Bean
        @ConditionalOnMissingBean(CallTransactions.class)
        SpringCallTransactions mechaCallTransactions(
                ListableBeanFactory beans,
                ObjectProvider<PlatformTransactionManager> managers,
                ObjectProvider<TransactionAttributeSource> attributes,
                ObjectProvider<Idempotency> engine,
                OwnRollbacks rollbacks) {
            return new SpringCallTransactions(beans, managers, attributes, engine, rollbacks);
        }
    }
}
