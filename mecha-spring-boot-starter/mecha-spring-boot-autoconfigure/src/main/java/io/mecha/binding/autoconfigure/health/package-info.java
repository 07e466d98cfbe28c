// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Health of channels. */
@NullMarked
package io.mecha.binding.autoconfigure.health;

import org.jspecify.annotations.NullMarked;
