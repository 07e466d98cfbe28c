// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis.autoconfigure;

import io.mecha.state.redis.RedisStateBackend.HashTag;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * Options of state stores in Redis; each may be overridden in {@code mecha.state.stores.<name>.redis}.
 *
 * @param timeout How long a call waits for its answer.
 * @param hashTag Which slots of a cluster the keys of a store are in.
 * @param connectionFactory Name of the Lettuce connection factory bean, if there are several.
 * @param maximumValueSize Largest value that is written.
 */
@ConfigurationProperties("mecha.state.redis")
record RedisStateOptions(
        @Nullable Duration timeout,
        @Nullable HashTag hashTag,
        @Nullable String connectionFactory,
        @Nullable DataSize maximumValueSize) {}
