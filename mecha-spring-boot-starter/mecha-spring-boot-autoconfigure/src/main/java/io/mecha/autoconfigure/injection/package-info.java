// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Injecting components by an annotation that names them: shared between primitives, not API. */
@NullMarked
package io.mecha.autoconfigure.injection;

import org.jspecify.annotations.NullMarked;
