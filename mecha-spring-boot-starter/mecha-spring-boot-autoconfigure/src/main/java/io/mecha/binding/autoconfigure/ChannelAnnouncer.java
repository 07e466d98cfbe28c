// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.binding.engine.ChannelOptions;
import io.mecha.binding.engine.ChannelView;
import io.mecha.binding.engine.SubscriptionView;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once for each channel what was chosen, and how to choose another. */
final class ChannelAnnouncer {

    private static final Logger logger = LoggerFactory.getLogger(ChannelAnnouncer.class);
    private static final String IN_THIS_JVM = "memory";

    private final Set<String> announced = ConcurrentHashMap.newKeySet();
    private final Function<String, ChannelDescription> descriptions;
    private final @Nullable String anybody;
    private volatile boolean started;

    /**
     * Prepares to announce.
     *
     * @param descriptions tells of a channel how it was configured
     * @param anybody group of every application without a name, if this is one
     */
    ChannelAnnouncer(Function<String, ChannelDescription> descriptions, @Nullable String anybody) {
        this.descriptions = descriptions;
        this.anybody = anybody;
    }

    /** Announces the channels that are there when receiving begins. */
    void started(List<ChannelView> channels) {
        started = true;
        for (ChannelView channel : channels) {
            String receivers = channel.subscriptions().stream()
                    .map(ChannelAnnouncer::describe)
                    .distinct()
                    .collect(Collectors.joining());
            announce(channel.options(), receivers);
        }
        warnOfAnybody(channels);
    }

    private void warnOfAnybody(List<ChannelView> channels) {
        String exposed = channels.stream()
                .filter((channel) -> channel.capabilities().contains("Groups")
                        && !channel.options().type().equals(IN_THIS_JVM)
                        && channel.subscriptions().stream()
                                .anyMatch((subscription) -> subscription.group().equals(anybody)))
                .map(ChannelView::name)
                .collect(Collectors.joining(", "));
        if (!exposed.isEmpty()) {
            logger.warn(
                    "Group '{}' receives from {}, as in every application without a name, which would take its messages;"
                            + " set spring.application.name or mecha.bindings.channels.<name>.in.group",
                    anybody,
                    exposed);
        }
    }

    /** Announces a channel that was made while the application runs; others wait for their receivers. */
    void created(ChannelOptions channel) {
        if (started) {
            announce(channel, "");
        }
    }

    private void announce(ChannelOptions channel, String receivers) {
        if (announced.add(channel.name())) {
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
