// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.

/** The start of an application: what must be done before it takes part in traffic. */
@NullMarked
package io.mecha.lifecycle.start;

import org.jspecify.annotations.NullMarked;
