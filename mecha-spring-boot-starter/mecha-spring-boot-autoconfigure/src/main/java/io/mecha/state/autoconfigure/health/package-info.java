// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Health of state stores. */
@NullMarked
package io.mecha.state.autoconfigure.health;

import org.jspecify.annotations.NullMarked;
