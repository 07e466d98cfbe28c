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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once for each channel what was chosen, and how to choose another. */
final class ChannelAnnouncer {

    private static final Logger logger = LoggerFactory.getLogger(ChannelAnnouncer.class);

    private final Set<String> announced = ConcurrentHashMap.newKeySet();
    private final Function<String, ChannelDescription> descriptions;
    private volatile boolean started;

    ChannelAnnouncer(Function<String, ChannelDescription> descriptions) {
        this.descriptions = descriptions;
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
