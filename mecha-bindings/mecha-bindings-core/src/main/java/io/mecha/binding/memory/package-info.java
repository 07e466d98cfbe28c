// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** The broker inside this JVM. */
@NullMarked
package io.mecha.binding.memory;

import org.jspecify.annotations.NullMarked;
