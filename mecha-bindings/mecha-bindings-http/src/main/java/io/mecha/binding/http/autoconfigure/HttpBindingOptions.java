// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http.autoconfigure;

import io.mecha.Secret;
import io.mecha.binding.http.HttpBindingBackend.BackoffPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * Options of channels over HTTP; each may be overridden in {@code mecha.bindings.channels.<name>.http}.
 *
 * @param path Path where the channel receives, below the root of the application.
 * @param allowedOrigins Senders that the webhook handshake admits; '*' for all.
 * @param allowedRate Most requests in a minute that the webhook handshake allows.
 * @param maximumBodySize Largest body that is received or sent, and largest reply.
 * @param bodyTimeout How long the body of a received request may take to arrive.
 * @param maximumHeaderSize Largest size of all headers of a received request; no more than the web server takes.
 * @param responseTimeout How long senders wait until their event is handled.
 * @param retry How often to send an event again after a failure that may pass.
 * @param backoffPolicy How the delay grows from one retry to the next: 'linear' or 'exponential'.
 * @param backoffDelay Delay before the first retry.
 * @param timeout How long each attempt waits for its answer.
 * @param maximumRetryAfter Longest that a call waits because the other side asked for it with Retry-After.
 * @param concurrency How many requests are made at once.
 * @param authorization Value of the Authorization header of every request, for example 'Bearer ${TOKEN}'.
 * @param headers Headers of every request, by name.
 * @param sslBundle Name of the SSL bundle that requests are made with.
 */
@ConfigurationProperties("mecha.bindings.http")
record HttpBindingOptions(
        @Nullable String path,
        @Nullable List<String> allowedOrigins,
        @Nullable Integer allowedRate,
        @Nullable DataSize maximumBodySize,
        @Nullable Duration bodyTimeout,
        @Nullable DataSize maximumHeaderSize,
        @Nullable Duration responseTimeout,
        @Nullable Integer retry,
        @Nullable BackoffPolicy backoffPolicy,
        @Nullable Duration backoffDelay,
        @Nullable Duration timeout,
        @Nullable Duration maximumRetryAfter,
        @Nullable Integer concurrency,
        @Nullable Secret authorization,
        @Nullable Map<String, String> headers,
        @Nullable String sslBundle) {}
