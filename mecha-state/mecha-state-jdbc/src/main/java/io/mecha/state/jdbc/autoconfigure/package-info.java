// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Makes the state types {@code embedded} and {@code jdbc} available to Spring Boot applications. */
@NullMarked
package io.mecha.state.jdbc.autoconfigure;

import org.jspecify.annotations.NullMarked;
