// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a topic that is created when it is first used.
 *
 * @param enabled whether it is; switches itself off where the application may not create topics
 * @param partitions how many partitions; {@code null} for the broker's default
 * @param replicas how many replicas of each; {@code null} for the broker's default
 * @param configs configuration of the topic, value by name
 * @since 1.0
 */
public record TopicCreation(
        boolean enabled,
        @Nullable Integer partitions,
        @Nullable Short replicas,
        Map<String, String> configs) {

    /** Create topics as the broker's defaults say. */
    public static final TopicCreation DEFAULT = new TopicCreation(true, null, null, Map.of());

    public TopicCreation {
        if ((partitions != null && partitions < 1) || (replicas != null && replicas < 1)) {
            throw new IllegalArgumentException("a topic has at least one partition and one replica");
        }
        configs = Map.copyOf(configs);
    }
}
