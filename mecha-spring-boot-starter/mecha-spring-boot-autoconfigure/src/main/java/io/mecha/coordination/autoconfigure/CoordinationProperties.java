// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of locks and leaders.
 *
 * @param store Name of the state store that keeps the leases of locks and leaders. Nodes that exclude each other use the same one.
 * @param lock Defaults of locks
 * @param election Defaults of elections
 * @since 1.0
 */
@ConfigurationProperties("mecha.coordination")
public record CoordinationProperties(
        @DefaultValue(CoordinationProperties.STORE) String store,
        @DefaultValue Lock lock,
        @DefaultValue Election election) {

    static final String PREFIX = "mecha.coordination";
    static final String STORE = "coordination";

    /**
     * Defaults of locks.
     *
     * @param lease How long a node that died keeps a lock, from one second to 366 days.
     * @param waitTimeout Longest time to wait for a lock, up to 366 days.
     * @since 1.0
     */
    public record Lock(
            @DefaultValue("30s") Duration lease,
            @DefaultValue("30s") Duration waitTimeout) {}

    /**
     * Defaults of elections.
     *
     * @param lease How long a leader that died keeps others from leading, from one second to one day.
     * @param margin How long before the end of its lease a leader that does not reach the store steps down. A quarter of the lease by
     *     default, at most half of it.
     * @since 1.0
     */
    public record Election(
            @DefaultValue("15s") Duration lease, @Nullable Duration margin) {}
}
