// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** What a channel over Kafka costs over Spring for Kafka and Kafka's clients. */
@NullMarked
package io.mecha.benchmarks.kafka;

import org.jspecify.annotations.NullMarked;
