// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Receiver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * The endpoint of one channel on the web server.
 *
 * <p>A request is handed to one member of each group and answered when all of them have finished it; then the sender may forget it. What
 * cannot be handed out is answered at once, before its body is read; a place in a group is taken when the body is there.
 *
 * @implNote Source: Knative Eventing, data plane contract; HTTP Protocol Binding for CloudEvents 1.0.2.
 */
final class Endpoint implements Inbound {

    private static final List<String> REQUIRED = List.of("specversion", "id", "source", "type");
    private static final List<String> WHOLE_EVENTS =
            List.of("application/cloudevents+json", "application/cloudevents-batch+json");
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private final Limits limits;
    private final Webhook webhook;
    private final List<HttpConsumer> consumers = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();

    Endpoint(Limits limits, Webhook webhook) {
        this.limits = limits;
        this.webhook = webhook;
    }

    /**
     * The limits of a request.
     *
     * @param bodySize most bytes of a body
     * @param bodyTimeout how long a body may take to arrive
     * @param headerSize most characters of all headers
     * @param responseTimeout how long a sender waits for its answer
     */
    record Limits(int bodySize, Duration bodyTimeout, int headerSize, Duration responseTimeout) {

        Limits {
            if (bodySize < 1 || headerSize < 1) {
                throw new IllegalArgumentException("Bodies and headers need a size of at least one byte");
            }
            if (bodyTimeout.isNegative() || bodyTimeout.isZero()) {
                throw new IllegalArgumentException("The body timeout must be positive, not %s".formatted(bodyTimeout));
            }
            if (responseTimeout.isNegative() || responseTimeout.isZero()) {
                throw new IllegalArgumentException(
                        "The response timeout must be positive, not %s".formatted(responseTimeout));
            }
        }
    }

    @Override
    public MessageConsumer receive(ConsumerRequest request, Receiver receiver) {
        HttpConsumer consumer = new HttpConsumer(request, receiver, consumers::remove);
        consumers.add(consumer);
        return consumer;
    }

    @Override
    public boolean receivesFrom(BindingBackend other) {
        return false; // nobody knows under which addresses this server is reached
    }

    ServerResponse handle(ServerRequest request) throws IOException {
        HttpHeaders headers = request.headers().asHttpHeaders();
        if (request.method().equals(HttpMethod.OPTIONS)) {
            return webhook.options(headers);
        }
        if (!request.method().equals(HttpMethod.POST)) {
            return Webhook.methodNotAllowed();
        }
        Optional<Reply> fault = check(headers, contentType(request));
        if (fault.isPresent()) {
            return fault.get().response();
        }
        Optional<Reply> refusal = choose(Endpoint::withRoom, new ArrayList<>());
        if (refusal.isPresent()) {
            return refusal.get().response();
        }
        String contentType = contentType(request);
        RequestBody body = new RequestBody(request.servletRequest(), limits.bodySize(), limits.bodyTimeout());
        CompletableFuture<RequestBody.Content> content = body.content();
        CompletableFuture<Reply> reply = content.thenCompose(arrived -> handle(headers, contentType, arrived));
        if (reply.isDone()) {
            return reply.join().response();
        }
        CompletableFuture<ServerResponse> response = reply.thenApply(Reply::response);
        return content.isDone()
                ? ServerResponse.async(response, limits.responseTimeout().plus(MARGIN))
                : new LaterResponse(
                        response,
                        limits.bodyTimeout().plus(limits.responseTimeout()).plus(MARGIN),
                        body);
    }

    private CompletableFuture<Reply> handle(
            HttpHeaders headers, @Nullable String contentType, RequestBody.Content content) {
        if (content.fault() != null) {
            return CompletableFuture.completedFuture(content.fault());
        }
        Message message;
        try {
            message = EventHeaders.read(headers, contentType, content.bytes());
        } catch (IllegalArgumentException malformed) {
            return CompletableFuture.completedFuture(Reply.badRequest(String.valueOf(malformed.getMessage())));
        }
        return check(message).map(CompletableFuture::completedFuture).orElseGet(() -> hand(message));
    }

    /** Takes a place in each group, not before the request is there in full, and hands it out. */
    private CompletableFuture<Reply> hand(Message message) {
        List<HttpConsumer> chosen = new ArrayList<>();
        Optional<Reply> refusal = choose(this::reserve, chosen);
        if (refusal.isPresent()) {
            chosen.forEach(HttpConsumer::giveBack);
            return CompletableFuture.completedFuture(refusal.get());
        }
        Exchange exchange = new Exchange(chosen.size());
        chosen.forEach(consumer -> consumer.hand(message, exchange));
        return exchange.isOpen()
                ? exchange.reply()
                        .completeOnTimeout(Reply.LATE, limits.responseTimeout().toMillis(), TimeUnit.MILLISECONDS)
                : exchange.reply();
    }

    /**
     * Chooses a member of each group.
     *
     * @param choice finds a member that has room
     * @param chosen gets the members
     * @return why there is none in a group
     */
    private Optional<Reply> choose(
            Function<List<HttpConsumer>, @Nullable HttpConsumer> choice, List<HttpConsumer> chosen) {
        Map<String, List<HttpConsumer>> groups = new LinkedHashMap<>();
        consumers.forEach(consumer -> groups.computeIfAbsent(consumer.group(), group -> new ArrayList<>())
                .add(consumer));
        if (groups.isEmpty()) {
            return Optional.of(Reply.UNAVAILABLE);
        }
        for (List<HttpConsumer> members : groups.values()) {
            List<HttpConsumer> active =
                    members.stream().filter(HttpConsumer::isActive).toList();
            if (active.isEmpty()) {
                return Optional.of(Reply.UNAVAILABLE);
            }
            HttpConsumer member = choice.apply(active);
            if (member == null) {
                return Optional.of(Reply.BUSY);
            }
            chosen.add(member);
        }
        return Optional.empty();
    }

    private static @Nullable HttpConsumer withRoom(List<HttpConsumer> members) {
        return members.stream().filter(HttpConsumer::hasRoom).findFirst().orElse(null);
    }

    private @Nullable HttpConsumer reserve(List<HttpConsumer> members) {
        int first = turn.getAndIncrement();
        for (int i = 0; i < members.size(); i++) {
            HttpConsumer member = members.get(Math.floorMod(first + i, members.size()));
            if (member.reserve()) {
                return member;
            }
        }
        return null;
    }

    private Optional<Reply> check(HttpHeaders headers, @Nullable String contentType) {
        long size = 0;
        for (Map.Entry<String, List<String>> header : headers.headerSet()) {
            for (String value : header.getValue()) {
                size += header.getKey().length() + value.length();
            }
        }
        if (size > limits.headerSize()) {
            return Optional.of(Reply.HEADERS_TOO_LARGE);
        }
        if (contentType != null && isUnknownFormat(contentType)) {
            return Optional.of(new Reply(415, "Whole events are read as JSON only.", false, null));
        }
        return headers.getContentLength() > limits.bodySize() ? Optional.of(Reply.TOO_LARGE) : Optional.empty();
    }

    /** Returns the media type as it was sent; that of Spring has the character set of the server added. */
    private static @Nullable String contentType(ServerRequest request) {
        return request.servletRequest().getHeader("Content-Type");
    }

    private static boolean isUnknownFormat(String contentType) {
        String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return type.startsWith("application/cloudevents") && !WHOLE_EVENTS.contains(type);
    }

    /** Finds binary events that are incomplete; whole events, and what is no event, is the engine's business. */
    private static Optional<Reply> check(Message message) {
        if (message.attributes().isEmpty()) {
            return Optional.empty();
        }
        for (String name : REQUIRED) {
            if (message.attributes().getOrDefault(name, "").isEmpty()) {
                return Optional.of(Reply.badRequest("The event has no attribute '%s'.".formatted(name)));
            }
        }
        String version = message.attributes().get("specversion");
        return "1.0".equals(version)
                ? Optional.empty()
                : Optional.of(Reply.badRequest("Only events of specversion 1.0 are read."));
    }
}
