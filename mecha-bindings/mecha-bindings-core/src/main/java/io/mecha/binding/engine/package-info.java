// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** The engine of bindings: channels, events, retry, dead letters, order, outbox. */
@NullMarked
package io.mecha.binding.engine;

import org.jspecify.annotations.NullMarked;
