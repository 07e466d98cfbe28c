// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.engine.ChannelView;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.transaction.PlatformTransactionManager;

/** A warning of outboxes in an application without transactions, where an event is sent whatever becomes of the work around it. */
final class OutboxTransactions implements SmartInitializingSingleton {

    private static final Logger logger = LoggerFactory.getLogger(OutboxTransactions.class);

    private final ObjectProvider<BindingEngine> engine;
    private final ListableBeanFactory beans;

    OutboxTransactions(ObjectProvider<BindingEngine> engine, ListableBeanFactory beans) {
        this.engine = engine;
        this.beans = beans;
    }

    @Override
    public void afterSingletonsInstantiated() {
        String outboxes = engine.stream()
                .flatMap((channels) -> channels.channels().stream())
                .filter((channel) -> channel.options().out().outbox())
                .map(ChannelView::name)
                .collect(Collectors.joining(", "));
        if (!outboxes.isEmpty()
                && beans.getBeanNamesForType(PlatformTransactionManager.class, true, false).length == 0) {
            logger.warn(
                    "Channels have an outbox ({}), but the application has no transaction manager, so that no send joins a transaction."
                            + " Define a PlatformTransactionManager for the DataSource, as spring-boot-starter-jdbc does, or leave"
                            + " mecha.bindings.channels.<name>.out.outbox out",
                    outboxes);
        }
    }
}
