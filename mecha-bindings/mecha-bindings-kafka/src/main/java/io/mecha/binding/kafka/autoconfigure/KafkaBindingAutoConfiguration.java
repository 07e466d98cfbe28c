// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka.autoconfigure;

import io.mecha.binding.spi.BindingBackendFactory;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the binding type {@code kafka}, which goes where {@code spring.kafka} or a service connection leads.
 *
 * @since 1.0
 */
@AutoConfiguration(afterName = "org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration")
@ConditionalOnBooleanProperty(name = "mecha.bindings.enabled", matchIfMissing = true)
public final class KafkaBindingAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({Producer.class, KafkaConnectionDetails.class, BindingBackendFactory.class})
    @EnableConfigurationProperties(KafkaProperties.class)
    @ImportRuntimeHints(Hints.class)
    static class Clients {

        @Bean
        @ConditionalOnMissingBean(name = "kafkaBindingBackendFactory")
        KafkaBindingBackendFactory kafkaBindingBackendFactory(
                BeanFactory beans,
                ObjectProvider<KafkaConnectionDetails> connections,
                KafkaProperties properties,
                Environment environment) {
            return new KafkaBindingBackendFactory(beans, connections, properties, environment);
        }
    }

    static final class Hints implements RuntimeHintsRegistrar {

        @Override
        public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
            BindableRuntimeHintsRegistrar.forTypes(KafkaBindingOptions.class).registerHints(hints);
        }
    }
}
