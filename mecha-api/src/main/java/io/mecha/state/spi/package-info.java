// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/**
 * Key-value state: what the author of an adapter implements.
 *
 * <p>Start with {@link io.mecha.state.spi.StateBackend}; an adapter is done when it passes the published contract.
 */
@NullMarked
package io.mecha.state.spi;

import org.jspecify.annotations.NullMarked;
