// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.autoconfigure.HealthOptions;
import io.mecha.autoconfigure.MechaComponent;
import io.mecha.autoconfigure.MechaComponents;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.ChannelStatistics;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.engine.ChannelView;
import io.mecha.binding.receive.SubscriptionView;
import io.mecha.binding.spi.Groups;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The channels of an application, for operators. */
final class BindingComponents implements MechaComponents {

    private static final String PARKED_BOUND =
            "This node holds at most in.prefetch of a group, or 100 if that is more. The backend"
                    + " keeps what comes on top, unless it is kafka, where a partition stops at that number; on rabbitmq without"
                    + " rabbitmq.declare each may take a place of in.prefetch.";

    private final BindingEngine engine;
    private final ChannelFactory factory;

    BindingComponents(BindingEngine engine, ChannelFactory factory) {
        this.engine = engine;
        this.factory = factory;
    }

    @Override
    public String primitive() {
        return "bindings";
    }

    @Override
    public List<MechaComponent> components() {
        return engine.channels().stream()
                .<MechaComponent>map((channel) ->
                        new BindingComponent(channel, factory.description(channel.name()), factory.isOverridden()))
                .toList();
    }

    /** One channel, for operators. */
    private record BindingComponent(ChannelView channel, ChannelDescription description, boolean overridden)
            implements MechaComponent {

        @Override
        public String name() {
            return channel.name();
        }

        @Override
        public String type() {
            return channel.options().type();
        }

        @Override
        public Map<String, Map<String, Object>> capabilities() {
            Map<String, Map<String, Object>> capabilities = new LinkedHashMap<>();
            channel.capabilities().forEach((capability) -> capabilities.put(capability, Map.of()));
            return capabilities;
        }

        /** Where groups divide messages among them, nodes do. */
        @Override
        public boolean isShared() {
            return !overridden && !channel.isLocal() && channel.capabilities().contains(Groups.class.getSimpleName());
        }

        @Override
        public Map<String, Object> details() {
            ChannelOptions options = channel.options();
            Map<String, Object> details = new LinkedHashMap<>();
            details.put("destination", options.destination());
            details.put("encoding", lower(options.encoding()));
            details.put("outbox", options.out().outbox());
            channel.outboxBacklog().ifPresent((backlog) -> details.put("outboxBacklog", backlog));
            details.put(
                    "groups",
                    channel.subscriptions().stream()
                            .map(BindingComponent::describe)
                            .toList());
            details.put("parked", channel.statistics().parked().sum());
            details.put("sinceStart", counts(channel.statistics()));
            return details;
        }

        @Override
        public Map<String, Object> concerns() {
            long parked = channel.statistics().parked().sum();
            return parked == 0 ? Map.of() : Map.of("parked", parked, "parkedBound", PARKED_BOUND);
        }

        private static Map<String, Object> describe(SubscriptionView subscription) {
            Map<String, Object> details = new LinkedHashMap<>();
            details.put("group", subscription.group());
            details.put("state", lower(subscription.state()));
            details.put("ordering", lower(subscription.ordering()));
            details.put("concurrency", subscription.concurrency());
            details.put("types", subscription.types());
            details.put("inFlight", subscription.inFlight());
            subscription.lag().ifPresent((lag) -> details.put("lag", lag));
            if (subscription.deadLetter() != null) {
                details.put("deadLetter", subscription.deadLetter());
                subscription.deadLetters().ifPresent((count) -> details.put("deadLetters", count));
            }
            return details;
        }

        private static Map<String, Object> counts(ChannelStatistics statistics) {
            Map<String, Object> counts = new LinkedHashMap<>();
            counts.put("sent", statistics.sent().sum());
            counts.put("received", statistics.received().sum());
            counts.put("retried", statistics.retried().sum());
            counts.put("filtered", statistics.filtered().sum());
            counts.put("duplicates", statistics.duplicates().sum());
            counts.put("dropped", statistics.dropped().sum());
            counts.put("expired", statistics.expired().sum());
            counts.put("deadLettered", statistics.deadLettered().sum());
            counts.put("rejected", statistics.rejected().sum());
            counts.put("irregular", statistics.irregular().sum());
            counts.put("lateReplies", statistics.lateReplies().sum());
            return counts;
        }

        private static String lower(Enum<?> choice) {
            return choice.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public String property() {
            return description.property();
        }

        @Override
        public Optional<String> origin() {
            return Optional.ofNullable(description.origin());
        }

        @Override
        public HealthOptions health() {
            return description.health();
        }

        @Override
        public void ping() {
            channel.ping();
        }
    }
}
