// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Makes the state type {@code redis} available to a Spring Boot application. */
@NullMarked
package io.mecha.state.redis.autoconfigure;

import org.jspecify.annotations.NullMarked;
