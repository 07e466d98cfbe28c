// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/**
 * The engine of key-value state: what is the same on every backend.
 *
 * <p>Start with {@link io.mecha.state.engine.StateStoreComponent}; nothing here needs Spring.
 */
@NullMarked
package io.mecha.state.engine;

import org.jspecify.annotations.NullMarked;
