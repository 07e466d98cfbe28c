// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.autoconfigure;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.binding.autoconfigure.BindingBackendOverride;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.memory.MemoryBindingBackendFactory;
import io.mecha.binding.memory.MemoryBroker;
import io.mecha.binding.spi.BindingBackendFactory;
import io.mecha.state.autoconfigure.StateBackendOverride;
import io.mecha.state.memory.TransactionScope;
import io.mecha.state.spi.StateBackendFactory;
import io.mecha.test.TestClock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigureBefore;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Configures what stands for real components in a test. Not an auto-configuration: only tests that ask for it get it. */
@Configuration(proxyBeanMethods = false)
@AutoConfigureBefore(MechaAutoConfiguration.class)
class TestComponents {

    /** The type of stores and channels that join transactions in production. */
    private static final String TRANSACTIONAL = "jdbc";

    @Bean
    @Primary
    @ConditionalOnMissingBean
    TestClock mechaTestClock() {
        return new TestClock();
    }

    @Bean
    TestBackends mechaTestBackends() {
        return new TestBackends();
    }

    @Bean
    @ConditionalOnMissingBean
    MemoryBroker mechaTestMemoryBroker(TestClock clock) {
        return new MemoryBroker(clock);
    }

    @Bean
    @ConditionalOnMissingBean
    SentEvents mechaSentEvents(ObjectProvider<BindingEngine> engine) {
        return new SentEvents(engine::getObject);
    }

    @Bean
    BindingBackendOverride mechaTestBindingBackendOverride(
            MemoryBroker broker, SentEvents sent, ObjectProvider<TransactionScope> scope) {
        MemoryBindingBackendFactory memory = new MemoryBindingBackendFactory(broker);
        BindingBackendFactory plain = new TestChannels(memory, sent, null);
        BindingBackendFactory joining = new TestChannels(memory, sent, scope.getIfAvailable());
        return type -> type.equals(TRANSACTIONAL) ? joining : plain;
    }

    @Bean
    StateBackendOverride mechaTestStateBackendOverride(TestBackends backends, ObjectProvider<TransactionScope> scope) {
        StateBackendFactory plain = backends.factory(null);
        StateBackendFactory joining = backends.factory(scope.getIfAvailable());
        return type -> type.equals(TRANSACTIONAL) ? joining : plain;
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(TransactionSynchronizationManager.class)
    static class Transactions {

        @Bean
        TransactionScope mechaTestTransactionScope() {
            return new SpringTransactionScope();
        }
    }
}
