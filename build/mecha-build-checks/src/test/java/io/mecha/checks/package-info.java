// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Rules that hold over all modules, and proofs that the checks of the build catch what they should. */
@NullMarked
package io.mecha.checks;

import org.jspecify.annotations.NullMarked;
