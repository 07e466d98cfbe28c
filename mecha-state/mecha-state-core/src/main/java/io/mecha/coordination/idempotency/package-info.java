// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** The engine of idempotency: calls that run once for each key, and whose result is kept for those that follow. */
@NullMarked
package io.mecha.coordination.idempotency;

import org.jspecify.annotations.NullMarked;
