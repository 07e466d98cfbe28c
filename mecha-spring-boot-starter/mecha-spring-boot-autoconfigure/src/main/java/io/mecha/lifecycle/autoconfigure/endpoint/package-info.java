// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** The endpoints of the lifecycle. */
@NullMarked
package io.mecha.lifecycle.autoconfigure.endpoint;

import org.jspecify.annotations.NullMarked;
