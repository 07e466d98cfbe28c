// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Bindings over Apache Kafka. */
@NullMarked
package io.mecha.binding.kafka;

import org.jspecify.annotations.NullMarked;
