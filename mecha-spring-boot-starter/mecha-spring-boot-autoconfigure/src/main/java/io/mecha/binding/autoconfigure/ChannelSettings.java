// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.Mistake;
import io.mecha.RetryPolicy;
import io.mecha.autoconfigure.configuration.ComponentConfiguration;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.binding.Filter;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.autoconfigure.BindingProperties.Backoff;
import io.mecha.binding.autoconfigure.BindingProperties.Channel;
import io.mecha.binding.autoconfigure.BindingProperties.In;
import io.mecha.binding.autoconfigure.BindingProperties.Inbox;
import io.mecha.binding.autoconfigure.BindingProperties.Out;
import io.mecha.binding.autoconfigure.BindingProperties.Retry;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.OutOptions;
import io.mecha.binding.filter.FilterException;
import io.mecha.binding.filter.Filters;
import io.mecha.codec.Codecs;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** A reader of the properties of one channel as options of the engine, which collects mistakes on the way. */
final class ChannelSettings {

    private static final String POSITIVE = "Set a positive duration, or leave it out.";
    private static final String NOT_NEGATIVE = "Set zero or a positive duration, or leave it out.";

    private final String property;
    private final MistakeCollector mistakes;

    private ChannelSettings(String property, MistakeCollector mistakes) {
        this.property = property;
        this.mistakes = mistakes;
    }

    /**
     * Reads the settings of a channel.
     *
     * @param property the property below which they are
     * @param name name of the channel
     * @param type id of the type of its backend
     * @param application name of the application
     */
    static ChannelOptions read(
            String property,
            String name,
            String type,
            Channel channel,
            String application,
            Codecs codecs,
            MistakeCollector mistakes) {
        ChannelSettings settings = new ChannelSettings(property, mistakes);
        return new ChannelOptions(
                name,
                type,
                settings.destination(name, channel.destination()),
                channel.encoding(),
                settings.mediaType(channel.mediaType(), codecs),
                settings.source(channel.source(), application),
                channel.immutableValues(),
                settings.in(channel.in()),
                settings.out(channel.out()),
                channel.in().strict());
    }

    private String destination(String name, @Nullable String destination) {
        if (destination == null) {
            return name;
        }
        if (destination.isBlank()) {
            invalid("destination", "The destination is blank.", "Set a destination, or leave it out.");
        }
        return destination;
    }

    private @Nullable String mediaType(@Nullable String mediaType, Codecs codecs) {
        if (mediaType == null) {
            return null;
        }
        String wanted = mediaType.strip().toLowerCase(Locale.ROOT);
        if (!codecs.mediaTypes().contains(wanted)) {
            invalid(
                    "media-type",
                    "No codec supports the media type '%s'.".formatted(mediaType),
                    "Set one of %s, or add the Jackson module or a CodecFactory bean for it."
                            .formatted(String.join(", ", codecs.mediaTypes())));
        }
        return wanted;
    }

    private String source(@Nullable String source, String application) {
        if (source == null) {
            return "/" + application;
        }
        try {
            if (!new URI(source).toString().isBlank()) {
                return source;
            }
        } catch (URISyntaxException reported) {
            // Said below, without repeating what may hold a password.
        }
        invalid("source", "The source of events is not a URI reference.", "Set for example /shop or urn:shop.");
        return "/" + application;
    }

    private SubscriptionOptions in(In in) {
        SubscriptionOptions.Builder options = SubscriptionOptions.builder()
                .ordering(in.ordering())
                .startAt(in.startAt())
                .autoStart(in.autoStart())
                .retry(retry(in.retry()))
                .inbox(inbox(in.inbox()))
                .filter(filter(in.filter()));
        set("in.group", in.group(), (group) -> options.group(notBlank("group", group)), "Set a name, or leave it out.");
        set("in.concurrency", in.concurrency(), options::concurrency, "Set 1 to 10,000, or leave it out.");
        set("in.timeout", in.timeout(), options::timeout, POSITIVE);
        set("in.drain-timeout", in.drainTimeout(), options::drainTimeout, NOT_NEGATIVE);
        set("in.prefetch", in.prefetch(), options::prefetch, "Set 1 to 100,000, or leave it out.");
        set("in.batch.size", in.batch().size(), options::batchSize, "Set 1 to 10,000, or leave it out.");
        set("in.batch.linger", in.batch().linger(), options::batchLinger, NOT_NEGATIVE);
        set("in.rate", in.rate(), options::rate, "Set more than zero, or leave it out.");
        set(
                "in.dead-letter",
                in.deadLetter(),
                (channel) -> options.deadLetter(channelName(channel)),
                "Set the name of a channel or none, or leave it out.");
        return options.build();
    }

    private static String notBlank(String what, String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("A %s needs a name".formatted(what));
        }
        return text;
    }

    private static String channelName(String channel) {
        if (!ComponentConfiguration.isName(channel)) {
            throw new IllegalArgumentException("'%s' cannot be the name of a channel".formatted(channel));
        }
        return channel;
    }

    private RetryPolicy retry(Retry retry) {
        Backoff backoff = retry.backoff();
        List<Class<? extends Throwable>> notRetryable = notRetryable(retry.notRetryable());
        Policy policy = new Policy();
        set(
                "in.retry.max-attempts",
                retry.maxAttempts(),
                (attempts) -> policy.add(RetryPolicy.attempts(attempts)),
                "Set at least 1, or leave it out.");
        set(
                "in.retry.backoff.initial",
                backoff.initial(),
                (initial) -> policy.add(new RetryPolicy(null, initial, null, null, null, null)),
                NOT_NEGATIVE);
        set(
                "in.retry.backoff.multiplier",
                backoff.multiplier(),
                (multiplier) -> policy.add(new RetryPolicy(null, null, multiplier, null, null, null)),
                "Set 1 to 1,000, or leave it out.");
        set(
                "in.retry.backoff.max",
                backoff.max(),
                (max) -> policy.add(new RetryPolicy(null, null, null, max, null, null)),
                NOT_NEGATIVE);
        set(
                "in.retry.backoff.jitter",
                backoff.jitter(),
                (jitter) -> policy.add(new RetryPolicy(null, null, null, null, jitter, null)),
                "Set 0 to 1, or leave it out.");
        policy.add(new RetryPolicy(null, null, null, null, null, notRetryable));
        return policy.all;
    }

    private @Nullable List<Class<? extends Throwable>> notRetryable(@Nullable List<String> names) {
        if (names == null) {
            return null;
        }
        List<Class<? extends Throwable>> classes = new ArrayList<>();
        for (int index = 0; index < names.size(); index++) {
            try {
                classes.add(ClassUtils.forName(names.get(index), null).asSubclass(Throwable.class));
            } catch (ClassNotFoundException | LinkageError | ClassCastException wrong) {
                invalid(
                        "in.retry.not-retryable[%d]".formatted(index),
                        "'%s' is not the name of an exception.".formatted(names.get(index)),
                        "Write the full name of a class, as in java.lang.IllegalArgumentException.");
            }
        }
        return classes;
    }

    private SubscriptionOptions.@Nullable Inbox inbox(@Nullable Inbox inbox) {
        if (inbox == null) {
            return null;
        }
        if (inbox.store() == null || !ComponentConfiguration.isName(inbox.store())) {
            invalid("in.inbox.store", "The inbox has no state store.", "Set the name of a state store.");
            return null;
        }
        if (!isPositive(inbox.timeToLive())) {
            invalid(
                    "in.inbox.time-to-live",
                    "The time to live of the inbox cannot be %s.".formatted(inbox.timeToLive()),
                    POSITIVE);
            return null;
        }
        return new SubscriptionOptions.Inbox(inbox.store(), inbox.timeToLive());
    }

    private @Nullable Filter filter(@Nullable String expression) {
        if (expression == null) {
            return null;
        }
        Filter filter = Filter.sql(expression);
        try {
            Filters.compile(filter);
        } catch (FilterException unreadable) {
            mistakes.add(unreadable.mistake(property + ".in.filter"));
        }
        return filter;
    }

    private OutOptions out(Out out) {
        if (out.key() != null && !isKey(out.key())) {
            invalid(
                    "out.key",
                    "'%s' is neither an attribute nor a JSON pointer.".formatted(out.key()),
                    "Set for example subject, tenant or /customer/id.");
        }
        if (out.type() != null && out.type().isBlank()) {
            invalid("out.type", "Events need a type.", "Set a type, or leave it out.");
        }
        if (out.timeToLive() != null && !isPositive(out.timeToLive())) {
            invalid("out.time-to-live", "Events cannot live for %s.".formatted(out.timeToLive()), POSITIVE);
        }
        if (out.delayStore() != null && !ComponentConfiguration.isName(out.delayStore())) {
            invalid(
                    "out.delay-store",
                    "'%s' cannot be the name of a state store.".formatted(out.delayStore()),
                    "Set the name of a state store.");
        }
        if (!isPositive(out.timeout())) {
            invalid("out.timeout", "A send cannot take %s.".formatted(out.timeout()), POSITIVE);
        }
        if (out.maxInFlight() < 1) {
            invalid(
                    "out.max-in-flight",
                    "There cannot be %d sends in flight.".formatted(out.maxInFlight()),
                    "Set at least 1, or leave it out.");
        }
        return new OutOptions(
                out.key(),
                out.type(),
                out.timeToLive(),
                out.outbox(),
                out.delayStore(),
                out.timeout(),
                out.overflow(),
                Math.max(1, out.maxInFlight()));
    }

    private static boolean isKey(String key) {
        return key.startsWith("/") || key.matches("[a-z0-9]+");
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private <V> void set(String key, @Nullable V value, Consumer<V> setter, String action) {
        if (value == null) {
            return;
        }
        try {
            setter.accept(value);
        } catch (IllegalArgumentException outOfBounds) {
            invalid(key, outOfBounds.getMessage() + ".", action);
        }
    }

    private void invalid(String key, String problem, String action) {
        mistakes.add(new Mistake("MECHA-B106", property + "." + key, problem, action));
    }

    /** A policy that grows. */
    private static final class Policy {

        private RetryPolicy all = RetryPolicy.open();

        void add(RetryPolicy part) {
            all = part.orElse(all);
        }
    }
}
