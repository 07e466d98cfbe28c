// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Health of components, in a group of its own. */
@NullMarked
package io.mecha.autoconfigure.health;

import org.jspecify.annotations.NullMarked;
