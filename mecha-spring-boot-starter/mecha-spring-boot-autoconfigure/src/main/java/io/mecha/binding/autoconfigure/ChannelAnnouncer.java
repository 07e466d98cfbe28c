// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.engine.ChannelView;
import io.mecha.binding.receive.SubscriptionView;
import io.mecha.binding.spi.Groups;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A log of what was chosen for each channel, once, and how to choose another. */
final class ChannelAnnouncer {

    private static final Logger logger = LoggerFactory.getLogger(ChannelAnnouncer.class);

    private final Set<String> announced = ConcurrentHashMap.newKeySet();
    private final Function<String, ChannelDescription> descriptions;
    private final Predicate<String> derived;
    private final @Nullable String anybody;
    private volatile boolean started;

    /**
     * Prepares to announce.
     *
     * @param descriptions tells of a channel how it was configured
     * @param derived tells of a channel whether it only serves another one, whose line names it
     * @param anybody group of every application without a name, if this is one
     */
    ChannelAnnouncer(
            Function<String, ChannelDescription> descriptions, Predicate<String> derived, @Nullable String anybody) {
        this.descriptions = descriptions;
        this.derived = derived;
        this.anybody = anybody;
    }

    /** Announces the channels that are there when receiving begins. */
    void started(List<ChannelView> channels) {
        started = true;
        List<String> exposed = new ArrayList<>();
        for (ChannelView channel : channels) {
            List<SubscriptionView> subscriptions = channel.subscriptions();
            String receivers = subscriptions.stream()
                    .map(ChannelAnnouncer::describe)
                    .distinct()
                    .collect(Collectors.joining());
            if (announce(channel.options(), receivers) && isExposed(channel, subscriptions)) {
                exposed.add(channel.name());
            }
        }
        if (!exposed.isEmpty()) {
            logger.warn(
                    "Group '{}' receives from {}, as in every application without a name, which would take its messages;"
                            + " set spring.application.name or mecha.bindings.channels.<name>.in.group",
                    anybody,
                    String.join(", ", exposed));
        }
    }

    private boolean isExposed(ChannelView channel, List<SubscriptionView> subscriptions) {
        return anybody != null
                && !channel.isLocal()
                && channel.capabilities().contains(Groups.class.getSimpleName())
                && subscriptions.stream()
                        .anyMatch((subscription) -> subscription.group().equals(anybody));
    }

    /** Announces a channel that was made while the application runs; others wait for their receivers. */
    void created(ChannelOptions channel) {
        if (started) {
            announce(channel, "");
        }
    }

    /** Announces a channel, unless that was done before. */
    private boolean announce(ChannelOptions channel, String receivers) {
        boolean first = announced.add(channel.name());
        if (first && !(receivers.isEmpty() && derived.test(channel.name()))) {
            logger.info(
                    "Channel '{}': {} '{}', {}{}{}; {}",
                    channel.name(),
                    channel.type(),
                    channel.destination(),
                    lower(channel.encoding()),
                    channel.out().outbox() ? ", sent through the outbox" : "",
                    receivers,
                    descriptions.apply(channel.name()).reason());
        }
        return first;
    }

    private static String describe(SubscriptionView subscription) {
        return ", received by group '%s' (ordering %s, concurrency %d, dead letter %s)"
                .formatted(
                        subscription.group(),
                        lower(subscription.ordering()),
                        subscription.concurrency(),
                        subscription.deadLetter() == null ? "none" : subscription.deadLetter());
    }

    private static String lower(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }
}
