// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Makes the channel type {@code http} available to a Spring Boot application. */
@NullMarked
package io.mecha.binding.http.autoconfigure;

import org.jspecify.annotations.NullMarked;
