// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.refresh;

import io.mecha.lifecycle.ConfigurationChange;
import io.mecha.lifecycle.configuration.ConfigurationReloader;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.cloud.context.scope.refresh.RefreshScope;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The bridge from a reload to beans that Spring Cloud Context renews. It publishes what {@code ContextRefresher} does, which cannot reject
 * values that do not fit and is not used.
 */
final class RefreshBridge {

    static final String PROPERTY = "mecha.lifecycle.config.refresh-scope";

    private static final Logger logger = LoggerFactory.getLogger(RefreshBridge.class);
    private static final String SCOPE = "refresh";

    private final ConfigurableApplicationContext context;
    private final RefreshScope scope;
    private final AtomicBoolean told = new AtomicBoolean();

    /** Follows from now on, before methods with {@code @OnConfigurationChange} are called; or tells once of beans that do not. */
    RefreshBridge(
            ConfigurableApplicationContext context,
            ConfigurationReloader reloader,
            RefreshScope scope,
            boolean enabled) {
        this.context = context;
        this.scope = scope;
        reloader.listen("of the refresh scope", enabled ? this::refresh : (change) -> tell());
    }

    private void refresh(ConfigurationChange change) {
        context.publishEvent(new EnvironmentChangeEvent(context, change.keys()));
        scope.refreshAll();
    }

    private void tell() {
        if (told.compareAndSet(false, true) && isUsed(context.getBeanFactory())) {
            logger.warn(
                    "Beans with @RefreshScope keep the values that they have: set {} to true, or let them use Reloadable",
                    PROPERTY);
        }
    }

    private static boolean isUsed(ConfigurableListableBeanFactory beans) {
        for (String name : beans.getBeanDefinitionNames()) {
            BeanDefinition definition = beans.getBeanDefinition(name);
            if (SCOPE.equals(definition.getScope())) {
                return true;
            }
        }
        return false;
    }
}
