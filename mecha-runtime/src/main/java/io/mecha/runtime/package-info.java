// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Background threads and tasks of engines and adapters; public but not API. */
@NullMarked
package io.mecha.runtime;

import org.jspecify.annotations.NullMarked;
