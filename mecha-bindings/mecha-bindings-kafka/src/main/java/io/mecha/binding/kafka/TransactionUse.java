// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

/**
 * The use of Kafka's transactions by pipes.
 *
 * @since 1.0
 */
public enum TransactionUse {
    /** Where the broker has them ready and allows them; else a result is sent before its message is acknowledged. The default. */
    AUTO,

    /** Always: while the broker has them not, pipes wait. */
    ALWAYS,

    /** Never: a result is sent before its message is acknowledged, and a crash between them repeats it. */
    NEVER
}
