// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency;

import io.mecha.Mistake;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Idempotency properties.
 *
 * @param store State store that keeps the calls.
 * @param timeToLive How long a call is remembered.
 * @param lease How long the key of a running call is lent at a time; renewed while it runs.
 * @param maximumWait How long a call of a method waits for one with the same key that runs already.
 * @param http Idempotency of web requests.
 */
@ConfigurationProperties(IdempotencyProperties.PREFIX)
record IdempotencyProperties(
        @DefaultValue("idempotency") String store,
        @DefaultValue("24h") Duration timeToLive,
        @DefaultValue("30s") Duration lease,
        @DefaultValue("5s") Duration maximumWait,
        @DefaultValue Http http) {

    static final String PREFIX = "mecha.coordination.idempotency";

    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);
    private static final Duration LONGEST_LEASE = Duration.ofDays(1);
    private static final Duration LONGEST_MEMORY = Duration.ofDays(36_500);

    /**
     * Idempotency of web requests.
     *
     * @param header Name of the header that has the key.
     * @param routes Paths whose POST and PATCH requests may have a key, beside handlers with @Idempotent, for example '/orders/**'.
     * @param requiredRoutes Paths whose POST and PATCH requests must have a key.
     * @param maximumRequestSize Largest body of a request that has a key.
     * @param maximumResponseSize Largest body of a response that is kept, and the most characters of its headers.
     * @param secretHeaders Headers of responses that are neither kept nor repeated. Without it, those of cookies and authentication.
     * @param documentation Address of the documentation of the application's keys, for the type of problems.
     */
    record Http(
            @DefaultValue("Idempotency-Key") String header,
            @DefaultValue List<String> routes,
            @DefaultValue List<String> requiredRoutes,
            @DefaultValue("10MB") DataSize maximumRequestSize,
            @DefaultValue("1MB") DataSize maximumResponseSize,

            @Nullable List<String> secretHeaders,
            @Nullable URI documentation) {}

    /** Adds what cannot be used. */
    void check(MistakeCollector mistakes) {
        if (lease.compareTo(SHORTEST_LEASE) < 0 || lease.compareTo(LONGEST_LEASE) > 0) {
            mistakes.add(mistake("lease", "%s is no lease.".formatted(lease), "1s to 24h"));
        }
        if (timeToLive.compareTo(lease) < 0 || !isTimeToLive(timeToLive)) {
            mistakes.add(mistake(
                    "time-to-live",
                    "%s is no time to live.".formatted(timeToLive),
                    "the lease, or more, up to 36500d"));
        }
        if (maximumWait.isNegative()) {
            mistakes.add(mistake("maximum-wait", "%s is no time to wait.".formatted(maximumWait), "0s or more"));
        }
        if (!http.header().matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
            mistakes.add(
                    mistake("http.header", "'%s' is no name of a header.".formatted(http.header()), "Idempotency-Key"));
        }
        checkSize("http.maximum-request-size", http.maximumRequestSize(), mistakes);
        checkSize("http.maximum-response-size", http.maximumResponseSize(), mistakes);
    }

    static boolean isTimeToLive(Duration duration) {
        return duration.compareTo(SHORTEST_LEASE) >= 0 && duration.compareTo(LONGEST_MEMORY) <= 0;
    }

    private static void checkSize(String property, DataSize size, MistakeCollector mistakes) {
        if (size.toBytes() < 1 || size.toBytes() > Integer.MAX_VALUE / 2) {
            mistakes.add(mistake(property, "%s is no size.".formatted(size), "1B to 1023MB"));
        }
    }

    static Mistake mistake(String property, String problem, String wanted) {
        String name = PREFIX + "." + property;
        return new Mistake("MECHA-K410", name, problem, "Set %s to %s.".formatted(name, wanted));
    }
}
