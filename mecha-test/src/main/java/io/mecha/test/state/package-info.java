// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/**
 * The contract of state backends: what the author of an adapter extends to know that the adapter is done.
 *
 * <p>Start with {@link io.mecha.test.state.StateBackendContract}.
 */
@NullMarked
package io.mecha.test.state;

import org.jspecify.annotations.NullMarked;
