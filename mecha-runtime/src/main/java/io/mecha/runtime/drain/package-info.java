// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** What takes part in the end of an application; public but not API. */
@NullMarked
package io.mecha.runtime.drain;

import org.jspecify.annotations.NullMarked;
