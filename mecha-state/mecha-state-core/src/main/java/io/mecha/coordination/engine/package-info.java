// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.

/**
 * The engine of locks and leaders, over the leases of a state store.
 *
 * @since 1.0
 */
@NullMarked
package io.mecha.coordination.engine;

import org.jspecify.annotations.NullMarked;
