// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Health of the lifecycle. */
@NullMarked
package io.mecha.lifecycle.autoconfigure.health;

import org.jspecify.annotations.NullMarked;
