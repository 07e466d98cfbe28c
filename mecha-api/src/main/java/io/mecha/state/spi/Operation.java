// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.spi;

/**
 * A request for one step of a transaction.
 *
 * @since 1.0
 */
public sealed interface Operation permits KeyOperation, Fence {}
