// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Makes the binding type {@code kafka} available to a Spring Boot application. */
@NullMarked
package io.mecha.binding.kafka.autoconfigure;

import org.jspecify.annotations.NullMarked;
