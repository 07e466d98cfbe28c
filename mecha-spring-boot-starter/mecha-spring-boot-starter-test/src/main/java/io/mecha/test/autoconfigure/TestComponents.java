// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.autoconfigure;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.binding.autoconfigure.BindingBackendOverride;
import io.mecha.binding.memory.MemoryBindingBackendFactory;
import io.mecha.binding.memory.MemoryBroker;
import io.mecha.state.autoconfigure.StateBackendOverride;
import io.mecha.test.TestClock;
import org.springframework.boot.autoconfigure.AutoConfigureBefore;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** Configures what stands for real components in a test. Not an auto-configuration: only tests that ask for it get it. */
@Configuration(proxyBeanMethods = false)
@AutoConfigureBefore(MechaAutoConfiguration.class)
class TestComponents {

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
    BindingBackendOverride mechaTestBindingBackendOverride(MemoryBroker broker) {
        return new BindingBackendOverride(new MemoryBindingBackendFactory(broker));
    }

    @Bean
    StateBackendOverride mechaTestStateBackendOverride(TestBackends backends) {
        return new StateBackendOverride(backends.factory());
    }
}
