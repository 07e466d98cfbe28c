// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Wiring of idempotent methods into Spring Boot. */
@NullMarked
package io.mecha.coordination.autoconfigure.idempotency;

import org.jspecify.annotations.NullMarked;
