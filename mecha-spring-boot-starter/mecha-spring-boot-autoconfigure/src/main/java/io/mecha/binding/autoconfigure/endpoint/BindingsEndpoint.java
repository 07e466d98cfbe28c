// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure.endpoint;

import io.mecha.binding.Bindings;
import io.mecha.binding.RedriveRequest;
import io.mecha.binding.RedriveResult;
import io.mecha.binding.Subscription;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/** An endpoint that pauses, drains and resumes subscriptions on this node, and sends dead letters back. */
@Endpoint(id = "mechabindings", defaultAccess = Access.NONE)
final class BindingsEndpoint {

    private static final int DEFAULT_LIMIT = 100;
    private static final String ADVICE =
            "No key verifies the mark of some messages, which stay in the dead letter: set mecha.bindings.signing-key to the same secret on"
                    + " all nodes, or, if only those you trust may send to the dead letter, redrive with \"unsigned\": true.";
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(20);

    private final Bindings bindings;

    BindingsEndpoint(Bindings bindings) {
        this.bindings = bindings;
    }

    @ReadOperation
    Receivers receivers() {
        return new Receivers(bindings.subscriptions().stream().map(Receiver::of).toList());
    }

    /** Returns what receives from a channel, as {@link Receivers}; 404 if there is no such channel. */
    @ReadOperation
    WebEndpointResponse<Object> receivers(@Selector String channel) {
        return bindings.names().contains(channel)
                ? new WebEndpointResponse<>(new Receivers(receiving(channel)))
                : new WebEndpointResponse<>(unknown(channel), WebEndpointResponse.STATUS_NOT_FOUND);
    }

    private Map<String, Object> unknown(String channel) {
        return Map.of(
                "error",
                "There is no channel '%s'; there are %s.".formatted(channel, String.join(", ", bindings.names())));
    }

    private List<Receiver> receiving(String channel) {
        return matching(channel, null).stream().map(Receiver::of).toList();
    }

    /**
     * Does something with a channel.
     *
     * @param operation {@code pause}, {@code drain}, {@code resume} or {@code redrive}
     * @param group which group; all groups of this node where nothing is said, except for {@code redrive} where there are several
     * @param limit most messages to send back
     * @param timeout longest time to wait for handlers that run
     * @param unsigned whether a redrive believes dead letters whose mark no key verifies; not if nothing is said
     * @return {@code receivers}: how the receivers of the channel are now; after a redrive {@code redriven}: how many dead letters were
     *     sent back, and if there are any {@code unverified}: how many stay because no key verifies their mark, and {@code advice}; after
     *     a drain {@code drained}: whether no handler runs any more. 404 if there is no such channel
     */
    @WriteOperation
    WebEndpointResponse<Map<String, Object>> change(
            @Selector String channel,
            @Selector String operation,
            @Nullable String group,
            @Nullable Integer limit,
            @Nullable Duration timeout,
            @Nullable Boolean unsigned) {
        return bindings.names().contains(channel)
                ? new WebEndpointResponse<>(
                        changed(channel, operation, group, limit, timeout, Boolean.TRUE.equals(unsigned)))
                : new WebEndpointResponse<>(unknown(channel), WebEndpointResponse.STATUS_NOT_FOUND);
    }

    private Map<String, Object> changed(
            String channel,
            String operation,
            @Nullable String group,
            @Nullable Integer limit,
            @Nullable Duration timeout,
            boolean unsigned) {
        switch (operation.toLowerCase(Locale.ROOT)) {
            case "pause" -> some(channel, group).forEach(Subscription::pause);
            case "drain" -> {
                boolean drained = drain(some(channel, group), timeout == null ? DEFAULT_TIMEOUT : timeout);
                return result(channel, Map.of("drained", drained));
            }
            case "resume" -> some(channel, group).forEach(Subscription::resume);
            case "redrive" -> {
                return redrive(channel, group, limit == null ? DEFAULT_LIMIT : limit, unsigned);
            }
            default ->
                throw invalid("There is no operation '%s': use pause, drain, resume or redrive.".formatted(operation));
        }
        return result(channel, Map.of());
    }

    private Map<String, Object> result(String channel, Map<String, Object> done) {
        Map<String, Object> result = new LinkedHashMap<>(done);
        result.put("receivers", receiving(channel));
        return result;
    }

    private static boolean drain(List<Subscription> subscriptions, Duration timeout) {
        subscriptions.forEach(Subscription::pause); // all at once, then one wait for all
        long start = System.nanoTime();
        boolean drained = true;
        for (Subscription subscription : subscriptions) {
            Duration left = timeout.minusNanos(System.nanoTime() - start);
            drained &= subscription.drain(left.isNegative() ? Duration.ZERO : left);
        }
        return drained;
    }

    private Map<String, Object> redrive(String channel, @Nullable String group, int limit, boolean unsigned) {
        if (limit < 1) {
            throw invalid("The limit is at least 1.");
        }
        List<String> groups = groups(some(channel, group));
        if (groups.size() != 1) {
            throw invalid("Say for which group: one of %s.".formatted(String.join(", ", groups)));
        }
        String failing = groups.get(0);
        RedriveResult done = bindings.redrive(new RedriveRequest(channel, failing, limit, unsigned));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("redriven", done.redriven());
        if (done.unverified() > 0) {
            answer.put("unverified", done.unverified());
            answer.put("advice", ADVICE);
        }
        return result(channel, answer);
    }

    private List<Subscription> some(String channel, @Nullable String group) {
        List<Subscription> found = matching(channel, group);
        if (found.isEmpty()) {
            List<String> others = groups(matching(channel, null));
            throw invalid("Nothing on this node receives from channel '%s'%s%s."
                    .formatted(
                            channel,
                            group == null ? "" : " as group '" + group + "'",
                            others.isEmpty() ? "" : ", only " + String.join(", ", others)));
        }
        return found;
    }

    private static List<String> groups(List<Subscription> subscriptions) {
        return subscriptions.stream().map(Subscription::group).distinct().toList();
    }

    private List<Subscription> matching(String channel, @Nullable String group) {
        return bindings.subscriptions().stream()
                .filter((subscription) -> subscription.channel().equals(channel))
                .filter((subscription) -> group == null || subscription.group().equals(group))
                .toList();
    }

    private static InvalidEndpointRequestException invalid(String reason) {
        return new InvalidEndpointRequestException(reason, reason);
    }

    /**
     * The receivers of this node.
     *
     * @param receivers one for each subscription
     */
    record Receivers(List<Receiver> receivers) {}

    /**
     * One subscription.
     *
     * @param channel name of the channel
     * @param group name of the group
     * @param state what it does now
     * @param inFlight messages that were taken and are not finished
     */
    record Receiver(String channel, String group, String state, int inFlight) {

        static Receiver of(Subscription subscription) {
            return new Receiver(
                    subscription.channel(),
                    subscription.group(),
                    subscription.state().name().toLowerCase(Locale.ROOT),
                    subscription.inFlight());
        }
    }
}
