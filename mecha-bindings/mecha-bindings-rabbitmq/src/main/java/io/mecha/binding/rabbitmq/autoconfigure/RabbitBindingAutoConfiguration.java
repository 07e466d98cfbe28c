// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq.autoconfigure;

import io.mecha.binding.spi.BindingBackendFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;

/**
 * Auto-configuration of the channel type {@code rabbitmq}, which goes where the application's connection factory goes.
 *
 * @since 1.0
 */
@AutoConfiguration(afterName = "org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration")
@ConditionalOnBooleanProperty(name = "mecha.bindings.enabled", matchIfMissing = true)
public final class RabbitBindingAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({CachingConnectionFactory.class, RabbitConnectionDetails.class, BindingBackendFactory.class})
    @ImportRuntimeHints(Hints.class)
    static class Rabbit {

        @Bean
        @ConditionalOnMissingBean(name = "rabbitBindingBackendFactory")
        RabbitBindingBackendFactory rabbitBindingBackendFactory(
                BeanFactory beans,
                ObjectProvider<CachingConnectionFactory> connectionFactories,
                ObjectProvider<RabbitConnectionDetails> details) {
            return new RabbitBindingBackendFactory(beans, connectionFactories, details);
        }
    }

    static final class Hints implements RuntimeHintsRegistrar {

        @Override
        public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
            BindableRuntimeHintsRegistrar.forTypes(RabbitBindingOptions.class).registerHints(hints);
        }
    }
}
