// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Reading the named components of a primitive from properties, with every mistake in them: shared between primitives, not API. */
@NullMarked
package io.mecha.autoconfigure.configuration;

import org.jspecify.annotations.NullMarked;
