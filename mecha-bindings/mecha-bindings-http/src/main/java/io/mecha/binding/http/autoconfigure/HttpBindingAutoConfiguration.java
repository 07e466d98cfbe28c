// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http.autoconfigure;

import io.mecha.binding.http.HttpEndpoints;
import io.mecha.binding.spi.BindingBackendFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Auto-configuration of the channel type {@code http}, which sends as {@code spring.http.clients} says, and receives where Spring MVC has a
 * web server.
 *
 * @since 1.0
 */
@AutoConfiguration(
        afterName =
                "org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration")
@ConditionalOnBooleanProperty(name = "mecha.bindings.enabled", matchIfMissing = true)
public final class HttpBindingAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({ClientHttpRequestFactoryBuilder.class, BindingBackendFactory.class})
    @ImportRuntimeHints(Hints.class)
    static class Client {

        @Bean
        @ConditionalOnMissingBean(name = "httpBindingBackendFactory")
        HttpBindingBackendFactory httpBindingBackendFactory(
                ObjectProvider<ClientHttpRequestFactoryBuilder<?>> builders,
                ObjectProvider<HttpClientSettings> clients,
                ObjectProvider<SslBundles> bundles,
                ObjectProvider<HttpEndpoints> endpoints,
                Environment environment) {
            return new HttpBindingBackendFactory(builders, clients, bundles, endpoints, environment);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({RouterFunction.class, BindingBackendFactory.class})
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    static class Server {

        @Bean
        @ConditionalOnMissingBean
        HttpEndpoints httpBindingEndpoints() {
            return new HttpEndpoints();
        }

        @Bean
        @ConditionalOnMissingBean(name = "httpBindingRouter")
        RouterFunction<ServerResponse> httpBindingRouter(HttpEndpoints endpoints) {
            return endpoints::route;
        }
    }

    static final class Hints implements RuntimeHintsRegistrar {

        @Override
        public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
            BindableRuntimeHintsRegistrar.forTypes(HttpBindingOptions.class).registerHints(hints);
        }
    }
}
