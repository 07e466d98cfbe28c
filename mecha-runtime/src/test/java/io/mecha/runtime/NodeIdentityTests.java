// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodeIdentityTests {

    @Test
    void tellsInstancesOfAnApplicationApart() {
        NodeIdentity one = NodeIdentity.of("shop");
        NodeIdentity other = NodeIdentity.of("shop");

        assertThat(one.application()).isEqualTo("shop").isEqualTo(other.application());
        assertThat(one.named()).isTrue();
        assertThat(one.node()).isNotEqualTo(other.node());
    }

    @Test
    void hasANameThoughNobodyGaveOne() {
        assertThat(NodeIdentity.of(null).application()).isEqualTo("application");
        assertThat(NodeIdentity.of(" ").application()).isEqualTo("application");
        assertThat(NodeIdentity.of(" ").named()).isFalse();
    }
}
