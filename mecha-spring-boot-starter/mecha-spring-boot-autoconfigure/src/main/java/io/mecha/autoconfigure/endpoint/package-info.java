// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** The {@code mecha} endpoint of Actuator: every component with what it can do and where it was configured. */
@NullMarked
package io.mecha.autoconfigure.endpoint;

import org.jspecify.annotations.NullMarked;
