// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.drain;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.lifecycle.drain.DrainHooks;
import io.mecha.lifecycle.drain.DrainSequence;
import io.mecha.runtime.ElapsedTime;
import io.mecha.runtime.drain.DrainParticipant;
import io.mecha.runtime.drain.DrainPhase;
import jakarta.servlet.Filter;
import java.time.InstantSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.context.WebServerGracefulShutdownLifecycle;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.server.WebFilter;

/**
 * Auto-configuration of the drain: what happens, in order and within one budget, when the application ends.
 *
 * <p>Every bean of the type {@link DrainParticipant} and every {@code @OnDrain} method takes part.
 *
 * @since 1.0
 */
@AutoConfiguration(after = MechaAutoConfiguration.class)
@EnableConfigurationProperties(DrainProperties.class)
public final class DrainAutoConfiguration {

    /** Tests move other clocks: an end that waits for them would never come. */
    private static final ElapsedTime TIME = ElapsedTime.of(InstantSource.system());

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    DrainSequence mechaDrainSequence(ObjectProvider<DrainParticipant> participants, DrainProperties properties) {
        return new DrainSequence(
                SingletonSupplier.of(() -> participants.orderedStream().toList()),
                properties.check().shutdownBudget(),
                TIME);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    DrainDelay mechaDrainDelay(
            ConfigurableApplicationContext context, DrainProperties properties, ObjectProvider<WebDrain> web) {
        return new DrainDelay(context, properties, () -> web.stream().anyMatch(WebDrain::servesHttp));
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    DrainOnClose mechaDrainOnClose(ConfigurableApplicationContext context, DrainSequence sequence, DrainDelay delay) {
        return new DrainOnClose(context, sequence, delay::get);
    }

    /** The methods with {@code @OnDrain}. */
    @Configuration(proxyBeanMethods = false)
    static class Hooks {

        @Bean
        DrainHooks mechaDrainReadinessHooks() {
            return new DrainHooks(DrainPhase.READINESS, TIME);
        }

        @Bean
        DrainHooks mechaDrainIntakeHooks() {
            return new DrainHooks(DrainPhase.INTAKE, TIME);
        }

        @Bean
        DrainHooks mechaDrainInFlightHooks() {
            return new DrainHooks(DrainPhase.IN_FLIGHT, TIME);
        }

        @Bean
        DrainHooks mechaDrainFlushHooks() {
            return new DrainHooks(DrainPhase.FLUSH, TIME);
        }

        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        DrainMethods mechaDrainMethods(
                ConfigurableListableBeanFactory beans, Environment environment, ObjectProvider<DrainHooks> phases) {
            return new DrainMethods(beans, environment, phases.stream().toList());
        }
    }

    /** The web server, where there can be one. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(WebServerGracefulShutdownLifecycle.class)
    @ConditionalOnWebApplication
    static class Web {

        @Bean
        HttpRequests mechaHttpRequests() {
            return new HttpRequests();
        }

        @Bean
        WebDrain mechaWebDrain(ListableBeanFactory beans, HttpRequests requests) {
            return new WebDrain(beans, requests);
        }
    }

    /** Servlet containers. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({Filter.class, WebServerGracefulShutdownLifecycle.class})
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    static class Servlets {

        @Bean
        @ConditionalOnMissingBean
        DrainFilter mechaDrainFilter(DrainSequence sequence, HttpRequests requests) {
            return new DrainFilter(sequence, requests);
        }
    }

    /** WebFlux. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({WebFilter.class, WebServerGracefulShutdownLifecycle.class})
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
    static class Reactive {

        @Bean
        @ConditionalOnMissingBean
        DrainWebFilter mechaDrainWebFilter(DrainSequence sequence, HttpRequests requests) {
            return new DrainWebFilter(sequence, requests);
        }
    }
}
