// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis.autoconfigure;

import io.lettuce.core.RedisClient;
import io.mecha.state.spi.StateBackendFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Auto-configuration of the state type {@code redis}, which uses the application's Lettuce connection factory.
 *
 * @since 1.0
 */
@AutoConfiguration(afterName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration")
@ConditionalOnBooleanProperty(name = "mecha.state.enabled", matchIfMissing = true)
public final class RedisStateAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({
        RedisClient.class,
        LettuceConnectionFactory.class,
        DataRedisConnectionDetails.class,
        StateBackendFactory.class
    })
    @ImportRuntimeHints(Hints.class)
    static class Lettuce {

        @Bean
        @ConditionalOnMissingBean(name = "redisStateBackendFactory")
        RedisStateBackendFactory redisStateBackendFactory(
                BeanFactory beans,
                ObjectProvider<LettuceConnectionFactory> connectionFactories,
                ObjectProvider<DataRedisConnectionDetails> details) {
            return new RedisStateBackendFactory(beans, connectionFactories, details);
        }
    }

    static final class Hints implements RuntimeHintsRegistrar {

        @Override
        public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
            BindableRuntimeHintsRegistrar.forTypes(RedisStateOptions.class).registerHints(hints);
        }
    }
}
