// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

/**
 * The protocol by which the members of a group share its partitions.
 *
 * @since 1.0
 */
public enum GroupProtocol {
    /** The broker's own protocol (KIP-848) where the broker has it, else the classic one. The default. */
    AUTO,

    /** The members' protocol, with cooperative, sticky assignment unless configured otherwise. */
    CLASSIC,

    /** The broker's own protocol (KIP-848). */
    CONSUMER
}
