// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.integration;

import io.mecha.coordination.DistributedLocks;
import io.mecha.coordination.autoconfigure.CoordinationAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.integration.support.locks.LockRegistry;

/**
 * Auto-configuration of a lock registry for Spring Integration, where that is there and the application has no other.
 *
 * @since 1.0
 */
@AutoConfiguration(after = CoordinationAutoConfiguration.class)
@ConditionalOnClass(LockRegistry.class)
public final class IntegrationAutoConfiguration {

    @Bean
    @Lazy
    @ConditionalOnBean(DistributedLocks.class)
    @ConditionalOnMissingBean(LockRegistry.class)
    IntegrationLockRegistry mechaIntegrationLockRegistry(DistributedLocks locks) {
        return new IntegrationLockRegistry(locks);
    }
}
