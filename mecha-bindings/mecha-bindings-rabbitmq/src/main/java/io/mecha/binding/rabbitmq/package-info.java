// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Bindings over RabbitMQ. */
@NullMarked
package io.mecha.binding.rabbitmq;

import org.jspecify.annotations.NullMarked;
