// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Wiring of the drain into Spring Boot. */
@NullMarked
package io.mecha.lifecycle.autoconfigure.drain;

import org.jspecify.annotations.NullMarked;
