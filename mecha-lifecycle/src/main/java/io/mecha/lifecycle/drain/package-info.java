// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** The end of an application, in order and in time. */
@NullMarked
package io.mecha.lifecycle.drain;

import org.jspecify.annotations.NullMarked;
