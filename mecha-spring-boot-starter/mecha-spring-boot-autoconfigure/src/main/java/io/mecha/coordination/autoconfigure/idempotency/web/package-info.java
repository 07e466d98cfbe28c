// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** The header {@code Idempotency-Key} of requests to Spring MVC. */
@NullMarked
package io.mecha.coordination.autoconfigure.idempotency.web;

import org.jspecify.annotations.NullMarked;
