// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.RetryPolicy;
import io.mecha.binding.Filter;
import io.mecha.binding.Ordering;
import io.mecha.binding.StartAt;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.channel.ChannelContext;
import io.mecha.binding.spi.Groups;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a subscription, with every default resolved.
 *
 * @param deadLetter name of a channel; {@code null} for none
 * @param rate messages a second; 0 for no limit
 * @param own what the subscription itself asks for, whatever the channel says
 */
record SubscriptionSettings(
        String group,
        int concurrency,
        Ordering ordering,
        StartAt startAt,
        @Nullable Duration timeout,
        Duration drainTimeout,
        Retries retry,
        @Nullable String deadLetter,
        SubscriptionOptions.@Nullable Inbox inbox,
        int prefetch,
        int batchSize,
        Duration batchLinger,
        double rate,
        boolean autoStart,
        List<Filter> filters,
        List<String> types,
        @Nullable String sendTo,
        SubscriptionOptions own) {

    private static final String NO_DEAD_LETTER = "none";
    private static final int PREFETCH = 256;
    private static final int BATCH_SIZE = 100;
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(20);

    static SubscriptionSettings of(SubscriptionSpec<?> spec, ChannelContext channel, String application) {
        SubscriptionOptions in = spec.options().orElse(channel.options().in());
        int concurrency = in.concurrency().orElse(1);
        int batchSize = in.batchSize().orElse(BATCH_SIZE);
        List<Filter> filters = new ArrayList<>(spec.filters());
        in.filter().ifPresent(filters::add);
        return new SubscriptionSettings(
                in.group().orElse(application),
                concurrency,
                in.ordering().orElse(Ordering.NONE),
                in.startAt().orElse(StartAt.EARLIEST),
                in.timeout().orElse(null),
                in.drainTimeout().orElse(DRAIN_TIMEOUT),
                new Retries(in.retry().orElse(RetryPolicy.DEFAULT)),
                deadLetter(in, channel),
                in.inbox().orElse(null),
                in.prefetch().orElse(Math.max(PREFETCH, 2 * concurrency)),
                batchSize,
                in.batchLinger().orElse(Duration.ofMillis(20)),
                in.rate().orElse(0.0),
                in.autoStart().orElse(true),
                List.copyOf(filters),
                spec.types(),
                spec.sendTo(),
                spec.options());
    }

    /**
     * Returns these settings with what may change while messages are received: attempts, pauses and limits. A limit neither comes nor goes.
     *
     * @param in the options of the channel now
     */
    SubscriptionSettings tuned(SubscriptionOptions in) {
        SubscriptionOptions now = own.orElse(in);
        double places = now.rate().orElse(0.0);
        return new SubscriptionSettings(
                group,
                concurrency,
                ordering,
                startAt,
                timeout == null ? null : now.timeout().orElse(timeout),
                now.drainTimeout().orElse(DRAIN_TIMEOUT),
                new Retries(now.retry().orElse(RetryPolicy.DEFAULT)),
                deadLetter,
                inbox,
                prefetch,
                batchSize,
                batchLinger,
                rate == 0 || places == 0 ? rate : places,
                autoStart,
                filters,
                types,
                sendTo,
                own);
    }

    static @Nullable String deadLetter(SubscriptionOptions in, ChannelContext channel) {
        String name = in.deadLetter()
                .orElse(
                        channel.capabilities().find(Groups.class).isPresent()
                                ? channel.name() + DeadLetters.SUFFIX
                                : NO_DEAD_LETTER);
        return name.equals(NO_DEAD_LETTER) ? null : name;
    }
}
