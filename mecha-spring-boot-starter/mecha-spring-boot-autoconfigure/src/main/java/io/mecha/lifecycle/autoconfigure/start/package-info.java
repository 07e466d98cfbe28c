// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.

/** Wiring of the start: initializers and connections, and the gate that they open. */
@NullMarked
package io.mecha.lifecycle.autoconfigure.start;

import org.jspecify.annotations.NullMarked;
