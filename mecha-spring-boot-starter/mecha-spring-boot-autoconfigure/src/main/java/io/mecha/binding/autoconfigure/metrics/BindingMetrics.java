// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure.metrics;

import io.mecha.binding.Subscription;
import io.mecha.binding.channel.ChannelStatistics;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.engine.ChannelView;
import io.mecha.binding.receive.SubscriptionView;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** The meters of channels and groups, those of the start and those that come later, as {@code mecha.binding.*}. */
final class BindingMetrics implements SmartInitializingSingleton {

    private final BindingEngine engine;
    private final MeterRegistry registry;

    /** What is measured already: names of channels, and of channels with groups. */
    private final Set<List<String>> known = ConcurrentHashMap.newKeySet();

    BindingMetrics(BindingEngine engine, MeterRegistry registry) {
        this.engine = engine;
        this.registry = registry;
    }

    @Override
    public void afterSingletonsInstantiated() {
        engine.watch(this::measure);
    }

    private void measure(ChannelView channel) {
        if (known.add(List.of(channel.name()))) {
            count(channel);
        }
        for (SubscriptionView subscription : channel.subscriptions()) {
            if (known.add(List.of(channel.name(), subscription.group()))) {
                measure(channel, subscription.group());
            }
        }
    }

    private void count(ChannelView channel) {
        count(channel, "sent", "Events accepted by the backend or the outbox", ChannelStatistics::sent);
        count(channel, "received", "Messages received from the backend", ChannelStatistics::received);
        count(channel, "retried", "Attempts that failed and were followed by another", ChannelStatistics::retried);
        count(channel, "filtered", "Events that matched no handler", ChannelStatistics::filtered);
        count(channel, "duplicates", "Duplicates that the inbox recognised", ChannelStatistics::duplicates);
        count(channel, "dropped", "Events that a handler dropped", ChannelStatistics::dropped);
        count(channel, "expired", "Events that expired before they were handled", ChannelStatistics::expired);
        count(channel, "dead.lettered", "Messages that went to the dead letter", ChannelStatistics::deadLettered);
        count(channel, "rejected", "Messages given up without a dead letter", ChannelStatistics::rejected);
        Gauge.builder("mecha.binding.parked", channel.statistics().parked(), LongAdder::doubleValue)
                .tag("channel", channel.name())
                .description("Messages put aside because they are refused for good")
                .register(registry);
        if (channel.options().out().outbox()) {
            Gauge.builder("mecha.binding.outbox.backlog", channel, (view) -> number(view.outboxBacklog()))
                    .tag("channel", channel.name())
                    .description("Events in the outbox that the backend does not have yet")
                    .register(registry);
        }
        count(channel, "irregular", "Events whose attributes violate CloudEvents", ChannelStatistics::irregular);
        count(
                channel,
                "late.replies",
                "Replies that came after the timeout of their request",
                ChannelStatistics::lateReplies);
    }

    private void count(
            ChannelView channel, String name, String description, Function<ChannelStatistics, LongAdder> counter) {
        LongAdder adder = counter.apply(channel.statistics());
        FunctionCounter.builder("mecha.binding." + name, adder, LongAdder::doubleValue)
                .tag("channel", channel.name())
                .description(description)
                .register(registry);
    }

    private void measure(ChannelView channel, String group) {
        Tags tags = Tags.of("channel", channel.name(), "group", group);
        Gauge.builder("mecha.binding.in.flight", engine, (all) -> inFlight(all, channel.name(), group))
                .tags(tags)
                .description("Messages in flight")
                .register(registry);
        Gauge.builder("mecha.binding.saturation", engine, (all) -> saturation(all, channel, group))
                .tags(tags)
                .description(
                        "Messages in flight for each that may be handled at once: 1 or more when all handlers are busy")
                .register(registry);
        Gauge.builder("mecha.binding.paused", engine, (all) -> paused(all, channel.name(), group))
                .tags(tags)
                .description("1 while a receiver of the group is paused on this node, or else 0")
                .register(registry);
        Gauge.builder("mecha.binding.lag", channel, (view) -> number(view, group, SubscriptionView::lag))
                .tags(tags)
                .description("Messages that the group has not acknowledged")
                .register(registry);
        Gauge.builder(
                        "mecha.binding.dead.letters",
                        channel,
                        (view) -> number(view, group, SubscriptionView::deadLetters))
                .tags(tags)
                .description("Messages of the group in the dead letter channel")
                .register(registry);
    }

    // Several handlers of a group share one consumer, so each tells of all of it.
    private static double inFlight(BindingEngine engine, String channel, String group) {
        return engine.subscriptions().stream()
                .filter((subscription) -> isOf(subscription, channel, group))
                .mapToInt(Subscription::inFlight)
                .max()
                .orElse(0);
    }

    private static double saturation(BindingEngine engine, ChannelView channel, String group) {
        int workers = channel.subscriptions().stream()
                .filter((subscription) -> subscription.group().equals(group))
                .mapToInt(SubscriptionView::concurrency)
                .sum();
        return workers == 0 ? 0 : inFlight(engine, channel.name(), group) / workers;
    }

    private static double paused(BindingEngine engine, String channel, String group) {
        return engine.subscriptions().stream()
                        .filter((subscription) -> isOf(subscription, channel, group))
                        .anyMatch((subscription) -> subscription.state() == Subscription.State.PAUSED)
                ? 1
                : 0;
    }

    private static boolean isOf(Subscription subscription, String channel, String group) {
        return subscription.channel().equals(channel) && subscription.group().equals(group);
    }

    private static double number(OptionalLong count) {
        return count.isPresent() ? count.getAsLong() : Double.NaN;
    }

    private static double number(ChannelView channel, String group, Function<SubscriptionView, OptionalLong> number) {
        return channel.subscriptions().stream()
                .filter((subscription) -> subscription.group().equals(group))
                .map(number)
                .filter(OptionalLong::isPresent)
                .mapToDouble(OptionalLong::getAsLong)
                .findFirst()
                .orElse(Double.NaN);
    }
}
