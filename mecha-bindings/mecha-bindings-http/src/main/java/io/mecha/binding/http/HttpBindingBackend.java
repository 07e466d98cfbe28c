// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import io.mecha.Capabilities;
import io.mecha.binding.BindingBackendException;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Operations;
import io.mecha.binding.spi.Outbound;
import io.mecha.binding.spi.RequestReply;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.ClientHttpRequestFactory;

/**
 * A backend that sends to a URL, calls it, and receives from the application's own web server.
 *
 * <p>A channel without a URL only receives. A message is sent when the other side has answered with a status of success, which is
 * when it has handled the message if it is of this kind, too. Nobody keeps a message on the way: the sender tries again.
 *
 * @since 1.0
 */
public final class HttpBindingBackend implements BindingBackend {

    static final String TYPE = "http";

    private final String channel;
    private final Capabilities capabilities;
    private final @Nullable HttpOutbound outbound;
    private final @Nullable Runnable unregister;
    private volatile boolean closed;

    private HttpBindingBackend(
            String channel, Capabilities capabilities, @Nullable HttpOutbound outbound, @Nullable Runnable unregister) {
        this.channel = channel;
        this.capabilities = capabilities;
        this.outbound = outbound;
        this.unregister = unregister;
    }

    /** The growth of the delay from one retry to the next. */
    public enum BackoffPolicy {
        /** The delay, twice the delay, three times the delay. */
        LINEAR,
        /** The delay, twice, four times, eight times the delay. */
        EXPONENTIAL
    }

    /**
     * Prepare a backend.
     *
     * @param channel name of the channel
     * @return a builder
     */
    public static Builder builder(String channel) {
        return new Builder(channel);
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void ping() {
        if (closed) {
            throw new BindingBackendException(channel, TYPE, "checking the connection after it was closed", null);
        }
        if (outbound != null) {
            try {
                outbound.ping();
            } catch (IOException e) {
                throw new BindingBackendException(channel, TYPE, "checking the connection to its destination", e);
            }
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (unregister != null) {
            unregister.run();
        }
        if (outbound != null) {
            outbound.close();
        }
    }

    /**
     * A builder of backends.
     *
     * @since 1.0
     */
    public static final class Builder {

        private static final Set<String> SCHEMES = Set.of("http", "https");

        private final String channel;
        private final Map<String, String> headers = new HashMap<>();
        private @Nullable URI destination;
        private @Nullable ClientHttpRequestFactory requests;
        private HttpTargets targets = new HttpTargets();
        private @Nullable HttpEndpoints endpoints;
        private String path;
        private List<String> allowedOrigins = List.of();
        private @Nullable Integer allowedRate;
        private int maximumBodySize = 1024 * 1024;
        private int maximumHeaderSize = 16 * 1024;
        private Duration bodyTimeout = Duration.ofSeconds(30);
        private Duration responseTimeout = Duration.ofMinutes(1);
        private int retries = 4;
        private BackoffPolicy backoffPolicy = BackoffPolicy.EXPONENTIAL;
        private Duration backoffDelay = Duration.ofMillis(200);
        private Duration maximumRetryAfter = Duration.ofSeconds(30);
        private int concurrency = 64;
        private InstantSource clock = InstantSource.system();

        private Builder(String channel) {
            this.channel = Objects.requireNonNull(channel, "channel");
            path = "/mecha/bindings/" + channel;
        }

        /**
         * Send to a URL.
         *
         * @param destination an absolute URL with the scheme {@code http} or {@code https}
         * @param requests makes the requests; must not follow redirects
         * @return this builder
         */
        public Builder destination(URI destination, ClientHttpRequestFactory requests) {
            this.destination = destination;
            this.requests = requests;
            return this;
        }

        /**
         * Receive from the web server.
         *
         * @param endpoints the router that leads there
         * @return this builder
         */
        public Builder endpoints(HttpEndpoints endpoints) {
            this.endpoints = endpoints;
            return this;
        }

        /**
         * Set where to receive.
         *
         * @param path path below the root of the application, beginning with a slash; default {@code /mecha/bindings/} and the channel
         * @return this builder
         */
        public Builder path(String path) {
            this.path = path;
            return this;
        }

        /**
         * Set which senders are told that they may send, if they ask.
         *
         * @param origins names that they give themselves, {@code *} for all; default none
         * @return this builder
         */
        public Builder allowedOrigins(List<String> origins) {
            allowedOrigins = List.copyOf(origins);
            return this;
        }

        /**
         * Set how much senders are told that they may send, if they ask.
         *
         * @param rate most requests in a minute, at least 1; default no limit
         * @return this builder
         */
        public Builder allowedRate(int rate) {
            allowedRate = rate;
            return this;
        }

        /**
         * Set how large bodies may be, in both directions.
         *
         * @param bytes at least 1; default 1 MiB
         * @return this builder
         */
        public Builder maximumBodySize(int bytes) {
            maximumBodySize = bytes;
            return this;
        }

        /**
         * Set how large all headers of a received request may be together; the web server has a limit of its own.
         *
         * @param characters at least 1; default 16,384
         * @return this builder
         */
        public Builder maximumHeaderSize(int characters) {
            maximumHeaderSize = characters;
            return this;
        }

        /**
         * Set how long the body of a request may take to arrive.
         *
         * @param timeout positive; default 30 seconds
         * @return this builder
         */
        public Builder bodyTimeout(Duration timeout) {
            bodyTimeout = timeout;
            return this;
        }

        /**
         * Set how long senders wait until their request is handled, before they are told to try again.
         *
         * @param timeout positive; default one minute
         * @return this builder
         */
        public Builder responseTimeout(Duration timeout) {
            responseTimeout = timeout;
            return this;
        }

        /**
         * Set how often to try again what may work later.
         *
         * @param retries attempts after the first, 0 to 100; default 4
         * @return this builder
         */
        public Builder retries(int retries) {
            this.retries = retries;
            return this;
        }

        /**
         * Set how the delay grows from one retry to the next.
         *
         * @param policy the policy; default exponential
         * @return this builder
         */
        public Builder backoffPolicy(BackoffPolicy policy) {
            backoffPolicy = policy;
            return this;
        }

        /**
         * Set how long to wait before the first retry.
         *
         * @param delay positive, at most 10 minutes; default 200 ms
         * @return this builder
         */
        public Builder backoffDelay(Duration delay) {
            backoffDelay = delay;
            return this;
        }

        /**
         * Set the longest that a call waits because the other side asked for it with {@code Retry-After}. After 429 all requests to its
         * server are held for as long as it said, at most an hour; calls that would have to wait longer fail.
         *
         * @param maximum zero or more; default 30 seconds
         * @return this builder
         */
        public Builder maximumRetryAfter(Duration maximum) {
            maximumRetryAfter = maximum;
            return this;
        }

        /**
         * Set how many requests are made at once.
         *
         * @param concurrency at least 1; default 64
         * @return this builder
         */
        public Builder concurrency(int concurrency) {
            this.concurrency = concurrency;
            return this;
        }

        /**
         * Add a header to every request.
         *
         * @param name name of the header
         * @param value its value, never shown
         * @return this builder
         */
        public Builder header(String name, String value) {
            headers.put(name, value);
            return this;
        }

        /**
         * Set the clock that dates of other servers are compared with.
         *
         * @param clock the clock; default the system's
         * @return this builder
         */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /**
         * Set which servers other channels send to: one that asks a channel to wait has all of them wait.
         *
         * @param targets shared by the channels of an application; default for this channel alone
         * @return this builder
         */
        public Builder targets(HttpTargets targets) {
            this.targets = targets;
            return this;
        }

        /**
         * Build the backend, and register its path.
         *
         * @return a new backend
         * @throws IllegalArgumentException if an option cannot work; the message says why
         */
        public HttpBindingBackend build() {
            Capabilities capabilities = Capabilities.none();
            HttpOutbound outbound = null;
            RetryRule retry = new RetryRule(retries, backoffPolicy, backoffDelay, maximumRetryAfter);
            if (destination != null && requests != null) {
                if (concurrency < 1) {
                    throw new IllegalArgumentException("There must be room for at least one request at once");
                }
                URI target = checked(destination);
                HttpCaller caller = new HttpCaller(requests, headers, maximumBodySize);
                outbound =
                        new HttpOutbound(channel, target, targets, caller, retry, maximumBodySize, concurrency, clock);
                capabilities = capabilities
                        .with(Outbound.class, outbound)
                        .with(RequestReply.class, outbound)
                        .with(Operations.class, new HttpOperations(channel, target, caller));
            }
            Runnable unregister = null;
            if (endpoints != null) {
                HttpEndpoints router = endpoints;
                HttpEndpoints.Registration registration = router.register(checked(path), channel, endpoint());
                unregister = () -> router.remove(registration);
                capabilities = capabilities.with(Inbound.class, registration.endpoint());
            }
            return new HttpBindingBackend(channel, capabilities, outbound, unregister);
        }

        private Endpoint endpoint() {
            return new Endpoint(
                    new Endpoint.Limits(maximumBodySize, bodyTimeout, maximumHeaderSize, responseTimeout),
                    new Webhook(allowedOrigins, allowedRate));
        }

        private static URI checked(URI destination) {
            String scheme = String.valueOf(destination.getScheme()).toLowerCase(Locale.ROOT);
            if (!SCHEMES.contains(scheme) || destination.getHost() == null || destination.getRawFragment() != null) {
                throw new IllegalArgumentException("Its destination is not a URL such as https://example.org/events");
            }
            if (destination.getRawUserInfo() != null) {
                throw new IllegalArgumentException(
                        "Its destination contains a user; set the header authorization instead");
            }
            return destination;
        }

        private static String checked(String path) {
            if (!path.matches("(/[A-Za-z0-9._~-]+)+")) {
                throw new IllegalArgumentException(
                        "Path '%s' does not begin with a slash, or has more than letters, digits, '.', '_', '~' and '-' between slashes"
                                .formatted(path));
            }
            return path;
        }
    }
}
