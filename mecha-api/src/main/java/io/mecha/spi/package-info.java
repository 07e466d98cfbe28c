// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** What adapters of several primitives have in common. */
@NullMarked
package io.mecha.spi;

import org.jspecify.annotations.NullMarked;
