// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** State in the memory of this JVM: type {@code memory}, for tests, caches and what may be lost. */
@NullMarked
package io.mecha.state.memory;

import org.jspecify.annotations.NullMarked;
