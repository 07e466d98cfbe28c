// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Annotated methods of beans that Mecha calls: how they are found, checked, given values and called, and how later results are awaited. */
@NullMarked
package io.mecha.autoconfigure.handler;

import org.jspecify.annotations.NullMarked;
