// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Makes the channel type {@code rabbitmq} available to a Spring Boot application. */
@NullMarked
package io.mecha.binding.rabbitmq.autoconfigure;

import org.jspecify.annotations.NullMarked;
