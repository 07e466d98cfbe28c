// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
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
}
