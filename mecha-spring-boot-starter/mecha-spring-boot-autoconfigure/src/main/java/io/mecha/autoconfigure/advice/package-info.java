// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Annotated methods of beans around which Mecha does something: how they are found, and what their annotations say of a call. */
@NullMarked
package io.mecha.autoconfigure.advice;

import org.jspecify.annotations.NullMarked;
