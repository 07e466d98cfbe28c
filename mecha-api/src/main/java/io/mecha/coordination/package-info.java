// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.

/**
 * Agreement between the nodes of an application: locks and leaders, each with a token that guards writes.
 *
 * @since 1.0
 */
@NullMarked
package io.mecha.coordination;

import org.jspecify.annotations.NullMarked;
