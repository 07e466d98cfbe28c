// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Test;

class KafkaClusterTests {

    private static final String RECOVERY = CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG;
    private static final Map<String, Object> NOWHERE =
            Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "localhost:1");

    @Test
    void keepsTheAdminClientFromLoggingWithoutEndWhileTheBrokerIsAway() {
        try (KafkaCluster cluster = new KafkaCluster(NOWHERE)) {
            assertThat(cluster.administration()).containsEntry(RECOVERY, "none");
        }
    }

    @Test
    void leavesWhatTheApplicationConfigures() {
        try (KafkaCluster cluster = new KafkaCluster(NOWHERE, NOWHERE, Map.of(RECOVERY, "rebootstrap"))) {
            assertThat(cluster.administration()).containsEntry(RECOVERY, "rebootstrap");
        }
    }

    @Test
    void sharesOneProducerAmongChannelsWithTheSameTimeoutAndOneAdminClientAmongAll() {
        try (KafkaCluster cluster = new KafkaCluster(NOWHERE)) {
            Producer<byte[], byte[]> producer = cluster.producer("shop", Duration.ofSeconds(30));

            assertThat(cluster.producer("shop", Duration.ofSeconds(30))).isSameAs(producer);
            assertThat(cluster.producer("shop", Duration.ofSeconds(5))).isNotSameAs(producer);
            assertThat(cluster.admin()).isSameAs(cluster.admin());
        }
    }
}
