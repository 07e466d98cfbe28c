// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Wiring of the lifecycle into Spring Boot. */
@NullMarked
package io.mecha.lifecycle.autoconfigure;

import org.jspecify.annotations.NullMarked;
