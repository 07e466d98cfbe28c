// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Auto-configuration of bindings. */
@NullMarked
package io.mecha.binding.autoconfigure;

import org.jspecify.annotations.NullMarked;
