// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/**
 * Key-value state: what an application uses.
 *
 * <p>Start with {@link io.mecha.state.KeyValueStore}.
 */
@NullMarked
package io.mecha.state;

import org.jspecify.annotations.NullMarked;
