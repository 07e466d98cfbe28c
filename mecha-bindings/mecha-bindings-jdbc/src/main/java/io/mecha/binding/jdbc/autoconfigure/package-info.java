// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Makes the channel type {@code jdbc} available to Spring Boot applications. */
@NullMarked
package io.mecha.binding.jdbc.autoconfigure;

import org.jspecify.annotations.NullMarked;
