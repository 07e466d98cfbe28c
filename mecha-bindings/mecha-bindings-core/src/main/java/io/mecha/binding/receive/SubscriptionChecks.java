// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.InvalidConfigurationException;
import io.mecha.MechaException;
import io.mecha.Mistake;
import io.mecha.PropertyNames;
import io.mecha.Thrown;
import io.mecha.binding.Encoding;
import io.mecha.binding.Filter;
import io.mecha.binding.Ordering;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.channel.ChannelContext;
import io.mecha.binding.channel.EngineContext;
import io.mecha.binding.filter.EventPredicate;
import io.mecha.binding.filter.FilterException;
import io.mecha.binding.filter.Filters;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.KeyOrder;
import io.mecha.binding.spi.MessageIdentity;
import io.mecha.binding.spi.Outbound;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The checks of a subscription against the abilities of its channel, all of them before anything begins. */
final class SubscriptionChecks {

    private static final String RECEIVING = "memory, kafka, rabbitmq, jdbc, http, timer";
    private static final String KEEPING_ORDER = "memory, kafka, rabbitmq, jdbc";

    private static final String IDENTIFYING = "memory, kafka, rabbitmq, jdbc";

    private final ChannelContext channel;
    private final EngineContext engine;
    private final SubscriptionSettings settings;
    private final List<Mistake> mistakes = new ArrayList<>();
    private Selection.Matcher matcher = new Selection.Matcher(true, Set.of(), List.of());
    private @Nullable ChannelContext dead;

    SubscriptionChecks(ChannelContext channel, EngineContext engine, SubscriptionSettings settings) {
        this.channel = channel;
        this.engine = engine;
        this.settings = settings;
    }

    /**
     * Checks everything.
     *
     * @param group what receives for the group already, if anything
     * @throws InvalidConfigurationException with all mistakes
     */
    void check(@Nullable GroupConsumer group) {
        checkCapabilities();
        checkFilters();
        checkInbox();
        checkDeadLetter();
        checkRound();
        checkPipe();
        if (group != null) {
            checkGroup(group);
        }
        if (!mistakes.isEmpty()) {
            throw new InvalidConfigurationException(mistakes);
        }
    }

    Selection.Matcher matcher() {
        return matcher;
    }

    @Nullable ChannelContext dead() {
        return dead;
    }

    private void checkCapabilities() {
        String type = channel.options().type();
        if (channel.capabilities().find(Inbound.class).isEmpty()) {
            mistake(
                    "MECHA-B171",
                    "type",
                    "Nothing can be received from channel '%s' of type %s.".formatted(channel.name(), type),
                    "Use a type that receives: %s.".formatted(RECEIVING));
        } else if (settings.ordering() == Ordering.KEY
                && channel.capabilities().find(KeyOrder.class).isEmpty()) {
            mistake(
                    "MECHA-B172",
                    "in.ordering",
                    "Channel '%s' of type %s cannot keep the order by key.".formatted(channel.name(), type),
                    "Use a type that keeps it (%s), or set the ordering to none.".formatted(KEEPING_ORDER));
        }
    }

    private void checkFilters() {
        List<EventPredicate> filters = new ArrayList<>();
        Set<String> types = settings.types().isEmpty() ? null : new HashSet<>(settings.types());
        for (Filter filter : settings.filters()) {
            try {
                filters.add(Filters.compile(filter));
                Optional<Set<String>> only = Filters.types(filter);
                if (only.isPresent()) {
                    if (types == null) {
                        types = new HashSet<>(only.get());
                    } else {
                        types.retainAll(only.get());
                    }
                }
            } catch (FilterException failure) {
                mistakes.add(failure.mistake(property("in.filter")));
            }
        }
        matcher = new Selection.Matcher(types == null, types == null ? Set.of() : Set.copyOf(types), filters);
    }

    private void checkInbox() {
        SubscriptionOptions.Inbox inbox = settings.inbox();
        if (inbox == null) {
            return;
        }
        if (channel.options().encoding() == Encoding.RAW
                && channel.capabilities().find(MessageIdentity.class).isEmpty()) {
            mistake(
                    "MECHA-B179",
                    "in.inbox",
                    "The inbox of channel '%s' cannot recognise raw messages, because those of type '%s' have no identity."
                            .formatted(channel.name(), channel.options().type()),
                    "Leave the inbox out, receive events instead of raw messages, or use a type with an identity for each message: %s."
                            .formatted(IDENTIFYING));
        }
        try {
            Objects.requireNonNull(engine.stores().apply(inbox.store()), "store");
        } catch (MechaException | IllegalArgumentException failure) {
            mistake(
                    "MECHA-B173",
                    "in.inbox.store",
                    "The inbox of channel '%s' needs the state store '%s', which is not available: %s."
                            .formatted(channel.name(), inbox.store(), Thrown.message(failure)),
                    "Name a store under mecha.state.stores, or leave the inbox out.");
        }
    }

    private void checkDeadLetter() {
        String name = settings.deadLetter();
        if (name == null) {
            return;
        }
        try {
            if (name.equals(channel.name())) {
                mistake(
                        "MECHA-B175",
                        "in.dead-letter",
                        "Channel '%s' is its own dead letter.".formatted(name),
                        "Name another channel, or none.");
                return;
            }
            dead = engine.channels().channel(name, channel.options());
            if (dead.capabilities().find(Outbound.class).isEmpty()) {
                mistake(
                        "MECHA-B175",
                        "in.dead-letter",
                        "The dead letters of channel '%s' cannot be sent to channel '%s' of type %s."
                                .formatted(channel.name(), name, dead.options().type()),
                        "Name a channel that can be sent to, or none.");
            } else if (!dead.options().type().equals(channel.options().type())
                    && !engine.channels().isConfigured(name)) {
                mistake(
                        "MECHA-B175",
                        "in.dead-letter",
                        "The dead letters of channel '%s' of type %s would go to channel '%s', which has the type %s only because"
                                        .formatted(
                                                channel.name(),
                                                channel.options().type(),
                                                name,
                                                dead.options().type())
                                + " another channel uses it.",
                        "Set %s.".formatted(PropertyNames.channel(name, "type")));
            }
        } catch (MechaException failure) {
            mistake("MECHA-B175", "in.dead-letter", failure.problem(), failure.action());
        }
    }

    /** Refuses dead letters that the channel would receive again. */
    private void checkRound() {
        ChannelContext letters = dead;
        if (letters != null
                && channel.capabilities()
                        .find(Inbound.class)
                        .filter(inbound -> inbound.receivesFrom(letters.backend()))
                        .isPresent()) {
            mistake(
                    "MECHA-B175",
                    "in.dead-letter",
                    "Channel '%s' would receive its own dead letters: it receives the messages that are sent to channel '%s'."
                            .formatted(channel.name(), letters.name()),
                    "Name a channel with another destination, or exclude that one from the destination or"
                            + " the pattern.");
        }
    }

    private void checkPipe() {
        String name = settings.sendTo();
        if (name == null) {
            return;
        }
        try {
            ChannelContext target = engine.channels().channel(name, null);
            if (target.capabilities().find(Outbound.class).isEmpty()) {
                mistake(
                        "MECHA-B177",
                        "in",
                        "Results of handlers of channel '%s' cannot be sent to channel '%s' of type %s."
                                .formatted(
                                        channel.name(), name, target.options().type()),
                        "Name a channel in sendTo that can be sent to.");
            }
        } catch (MechaException failure) {
            mistake("MECHA-B177", "in", failure.problem(), failure.action());
        }
    }

    private void checkGroup(GroupConsumer group) {
        SubscriptionSettings first = group.settings();
        if (first.ordering() != settings.ordering() || first.startAt() != settings.startAt()) {
            mistake(
                    "MECHA-B176",
                    "in",
                    "Two handlers of group '%s' of channel '%s' share a consumer, but want another ordering or start."
                            .formatted(settings.group(), channel.name()),
                    "Say the same for both, or give them different groups.");
        }
        for (HandlerSubscription<?> other : group.selection().all()) {
            String overlap = overlap(other.matcher());
            if (overlap != null) {
                mistake(
                        "MECHA-B174",
                        "in.group",
                        "Two handlers of group '%s' of channel '%s' take %s."
                                .formatted(settings.group(), channel.name(), overlap),
                        "Give them different types or filters, or different groups if both are to get each event.");
                return;
            }
        }
    }

    private @Nullable String overlap(Selection.Matcher other) {
        if (matcher.filtered() || other.filtered()) {
            return null;
        }
        if (matcher.anyType() && other.anyType()) {
            return "events of all types";
        }
        return matcher.types().stream()
                .filter(other.types()::contains)
                .sorted()
                .findFirst()
                .map("events of type '%s'"::formatted)
                .orElse(null);
    }

    private void mistake(String code, String property, String problem, String action) {
        mistakes.add(new Mistake(code, property(property), problem, action));
    }

    private String property(String name) {
        return PropertyNames.channel(channel.name(), name);
    }
}
