// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency.web;

import io.mecha.coordination.autoconfigure.idempotency.CallTransactions;
import io.mecha.coordination.autoconfigure.idempotency.IdempotencyAutoConfiguration;
import io.mecha.coordination.autoconfigure.idempotency.WebSettings;
import io.mecha.coordination.idempotency.Idempotency;
import io.mecha.runtime.NodeIdentity;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Auto-configuration of the header {@code Idempotency-Key} in Spring MVC.
 *
 * @since 1.0
 */
@AutoConfiguration(after = IdempotencyAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({DispatcherServlet.class, RequestMappingHandlerMapping.class})
@ConditionalOnBean(WebSettings.class)
public final class IdempotencyWebAutoConfiguration {

    @Bean
    Endpoints mechaIdempotentEndpoints(
            WebSettings settings,
            ObjectProvider<RequestMappingHandlerMapping> mappings,
            ObjectProvider<CallTransactions> transactions,
            Environment environment) {
        return new Endpoints(settings, mappings, transactions.getIfAvailable(() -> CallTransactions.NONE), environment);
    }

    @Bean
    IdempotencyFilter mechaIdempotencyFilter(
            WebSettings settings,
            Endpoints endpoints,
            ObjectProvider<Idempotency> engine,
            ObjectProvider<CallTransactions> transactions,
            @Qualifier("handlerExceptionResolver") ObjectProvider<HandlerExceptionResolver> resolver,
            NodeIdentity identity) {
        CallRunner runner =
                new CallRunner(settings, engine, transactions.getIfAvailable(() -> CallTransactions.NONE), resolver);
        return new IdempotencyFilter(settings, endpoints, engine, runner, identity.application());
    }
}
