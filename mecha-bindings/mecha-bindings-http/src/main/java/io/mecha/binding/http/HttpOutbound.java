// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import io.mecha.binding.InvalidEventException;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Outbound;
import io.mecha.binding.spi.RequestReply;
import io.mecha.runtime.BorrowedThreads;
import io.mecha.runtime.ElapsedTime;
import io.mecha.runtime.Threads;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/** The sending of messages by POST, repeated where that helps; those of one key one after the other. */
final class HttpOutbound implements Outbound, RequestReply, AutoCloseable {

    private static final int GONE = 410;
    private static final int TOO_MANY = 429;

    private final String channel;
    private final URI destination;
    private final HttpCaller caller;
    private final RetryRule retry;
    private final int maximumBodySize;
    private final InstantSource clock;
    private final ElapsedTime time;
    private final ThreadPoolExecutor workers;
    private final KeyChains chains = new KeyChains();
    private final HttpTargets targets;
    private final Hold hold;
    private final Set<Post> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private volatile boolean retired;

    HttpOutbound(
            String channel,
            URI destination,
            HttpTargets targets,
            HttpCaller caller,
            RetryRule retry,
            int maximumBodySize,
            int concurrency,
            InstantSource clock) {
        this.channel = channel;
        this.destination = destination;
        this.targets = targets;
        this.hold = targets.open(destination);
        this.caller = caller;
        this.retry = retry;
        this.maximumBodySize = maximumBodySize;
        this.clock = clock;
        this.time = ElapsedTime.of(clock);
        workers = Threads.pool("mecha-http", concurrency);
    }

    @Override
    public CompletionStage<Receipt> send(String id, Message message) {
        return post(message, null).thenApply(answer -> new Receipt(id, null));
    }

    @Override
    public List<CompletionStage<Receipt>> sendAll(List<String> ids, List<? extends Message> messages) {
        List<CompletionStage<Receipt>> receipts = new ArrayList<>(ids.size());
        for (int i = 0; i < ids.size(); i++) {
            receipts.add(send(ids.get(i), messages.get(i)));
        }
        return receipts;
    }

    @Override
    public int maximumBodySize() {
        return maximumBodySize;
    }

    @Override
    public CompletionStage<Message> request(String id, Message message, Duration timeout) {
        return post(message, timeout)
                .toCompletableFuture()
                .copy()
                .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
                .thenApply(this::reply);
    }

    private Message reply(HttpCaller.Answer answer) {
        Message reply = read(answer);
        if (answer.body().length == 0 && reply.attributes().isEmpty()) {
            throw new CompletionException(new TimeoutException(
                    "The request was answered with status %d and no reply".formatted(answer.status())));
        }
        if (!answer.whole()) {
            throw SendException.unconfirmed(
                    channel, HttpBindingBackend.TYPE, new IOException("The reply is too large"));
        }
        return reply;
    }

    private Message read(HttpCaller.Answer answer) {
        HttpHeaders headers = answer.headers();
        try {
            return EventHeaders.read(headers, headers.getFirst("Content-Type"), answer.body());
        } catch (IllegalArgumentException malformed) {
            throw InvalidEventException.unreadable(channel, "it is a reply with headers that cannot be read");
        }
    }

    /**
     * Posts a message.
     *
     * @param timeout how long a reply is of use; {@code null} if none is wanted
     */
    private CompletionStage<HttpCaller.Answer> post(Message message, @Nullable Duration timeout) {
        byte[] body = message.body();
        if (body != null && body.length > maximumBodySize) {
            return CompletableFuture.failedFuture(SendException.unacceptable(
                    channel,
                    HttpBindingBackend.TYPE,
                    "it has %d bytes, and at most %d are sent".formatted(body.length, maximumBodySize),
                    null));
        }
        HttpHeaders headers = new HttpHeaders();
        EventHeaders.write(message, headers);
        if (timeout != null) {
            headers.set("Prefer", "reply");
        }
        return chains.run(message.key(), () -> {
            Post post = new Post(
                    headers, body, timeout == null ? Instant.MAX : time.now().plus(timeout));
            post.begin();
            return post.result;
        });
    }

    /** Asks for a sign of life; any answer is one. */
    void ping() throws IOException {
        if (retired) {
            throw new IOException("The endpoint answered 410 Gone");
        }
        caller.call(HttpMethod.OPTIONS, destination, new HttpHeaders(), null);
    }

    @Override
    public void close() {
        closed = true;
        targets.close(destination);
        workers.shutdown();
        waiting.forEach(Post::end);
    }

    /** One message on its way. */
    private final class Post {

        private final HttpHeaders headers;
        private final byte @Nullable [] body;
        private final Instant deadline;
        private final CompletableFuture<HttpCaller.Answer> result = new CompletableFuture<>();
        private int attempts;
        private volatile boolean unknown;

        Post(HttpHeaders headers, byte @Nullable [] body, Instant deadline) {
            this.headers = headers;
            this.body = body;
            this.deadline = deadline;
        }

        void begin() {
            try {
                workers.execute(this::run);
            } catch (RejectedExecutionException e) {
                end();
            }
        }

        /** Ends for good since the channel is closed; an earlier attempt may have come through. */
        private void end() {
            waiting.remove(this);
            result.completeExceptionally(
                    unknown
                            ? SendException.unconfirmed(channel, HttpBindingBackend.TYPE, null)
                            : SendException.closed(channel));
        }

        private void run() {
            if (closed) {
                end();
            } else if (retired) {
                result.completeExceptionally(HttpFailures.of(channel, GONE));
            } else if (!result.isDone()) {
                Duration held = hold.remaining();
                if (held.isZero()) {
                    attempt();
                } else if (retry.waits(held) && time.now().plus(held).isBefore(deadline)) {
                    begin(held);
                } else {
                    fail(HttpFailures.held(channel, held));
                }
            }
        }

        private void attempt() {
            attempts++;
            try {
                HttpCaller.Answer answer = caller.call(HttpMethod.POST, destination, headers, body);
                if (answer.isSuccess()) {
                    result.complete(answer);
                    return;
                }
                Duration asked = RetryAfter.delay(answer.headers().getFirst("Retry-After"), clock.instant());
                if (answer.status() == GONE) {
                    retired = true;
                } else if (answer.status() == TOO_MANY) {
                    hold.extend(asked);
                }
                again(answer.status(), retry.bounded(asked), HttpFailures.of(channel, answer.status()));
            } catch (IOException e) {
                again(RetryRule.NO_ANSWER, Duration.ZERO, HttpCaller.noAnswer(channel, e));
            } catch (RuntimeException e) { // allow CatchException: the client refuses, for example a header
                result.completeExceptionally(
                        SendException.unacceptable(channel, HttpBindingBackend.TYPE, "the client cannot send it", e));
            }
        }

        private void again(int status, Duration asked, SendException failure) {
            Instant now = time.now();
            Optional<Duration> delay = retry.next(attempts, status, asked)
                    .filter(wait -> now.plus(wait).isBefore(deadline));
            unknown |= failure.mayHaveHappened();
            if (delay.isEmpty() || !retry.waits(hold.remaining())) {
                fail(failure);
            } else {
                begin(delay.get());
            }
        }

        /** An earlier attempt may have come through, whatever became of the last one. */
        private void fail(SendException failure) {
            result.completeExceptionally(
                    unknown && !failure.mayHaveHappened()
                            ? SendException.unconfirmed(channel, HttpBindingBackend.TYPE, failure)
                            : failure);
        }

        private void begin(Duration delay) {
            waiting.add(this);
            if (closed) {
                end();
                return;
            }
            BorrowedThreads.runAfter(delay, () -> {
                if (waiting.remove(this)) {
                    begin();
                }
            });
        }
    }
}
