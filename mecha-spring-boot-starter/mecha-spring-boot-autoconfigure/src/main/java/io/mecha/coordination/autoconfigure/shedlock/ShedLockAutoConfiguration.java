// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.shedlock;

import io.mecha.coordination.DistributedLocks;
import io.mecha.coordination.autoconfigure.CoordinationAutoConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/**
 * Auto-configuration of a lock provider for ShedLock, where that is there and the application has no other.
 *
 * @since 1.0
 */
@AutoConfiguration(after = CoordinationAutoConfiguration.class)
@ConditionalOnClass(LockProvider.class)
public final class ShedLockAutoConfiguration {

    @Bean
    @Lazy
    @ConditionalOnBean(DistributedLocks.class)
    @ConditionalOnMissingBean(LockProvider.class)
    ShedLockProvider mechaShedLockProvider(DistributedLocks locks) {
        return new ShedLockProvider(locks);
    }
}
