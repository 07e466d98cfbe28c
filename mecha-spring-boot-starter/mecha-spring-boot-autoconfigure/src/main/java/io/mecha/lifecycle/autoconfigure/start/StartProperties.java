// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.start;

import io.mecha.RetryPolicy;
import io.mecha.lifecycle.Initializer;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Start properties.
 *
 * @param warmUp Whether to ask stores and channels for a sign of life at start, so that their connections are open before traffic comes.
 * @param warmUpTimeout How long each of them may take.
 * @param timeout How long one attempt of an initializer may take.
 * @param lease How long other nodes wait for an initializer of a node that died, where it runs once in a cluster; one second at least.
 * @param retry Attempts of initializers.
 * @param initializers Initializers, by name; what is set here comes before their annotations.
 */
@ConfigurationProperties("mecha.lifecycle.start")
record StartProperties(
        @DefaultValue("true") boolean warmUp,
        @DefaultValue("5s") Duration warmUpTimeout,
        @DefaultValue("5m") Duration timeout,
        @DefaultValue("30s") Duration lease,
        @DefaultValue Retry retry,
        @DefaultValue Map<String, Step> initializers) {

    static final String INITIALIZERS = "mecha.lifecycle.start.initializers";

    /**
     * Attempts of initializers.
     *
     * @param maxAttempts Attempts in all. Without it, 5.
     * @param initial First pause. Without it, 200 milliseconds.
     * @param multiplier Growth of the pause from attempt to attempt. Without it, 2.
     * @param max Longest pause. Without it, 30 seconds.
     * @param jitter Share of the pause that is left to chance, from 0 to 1. Without it, 0.2.
     */
    record Retry(
            @Nullable Integer maxAttempts,
            @Nullable Duration initial,
            @Nullable Double multiplier,
            @Nullable Duration max,
            @Nullable Double jitter) {

        RetryPolicy policy() {
            return new RetryPolicy(maxAttempts, initial, multiplier, max, jitter, null);
        }
    }

    /**
     * One initializer.
     *
     * @param enabled Whether it runs; initializers after one that does not run do not wait for it.
     * @param timeout How long one attempt may take.
     * @param maxAttempts Attempts in all.
     * @param onFailure What happens when it has failed for good.
     */
    record Step(
            @DefaultValue("true") boolean enabled,
            @Nullable Duration timeout,
            @Nullable Integer maxAttempts,
            Initializer.@Nullable OnFailure onFailure) {

        static final Step UNSET = new Step(true, null, null, null);
    }
}
