// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Operations on channels over Actuator. */
@NullMarked
package io.mecha.binding.autoconfigure.endpoint;

import org.jspecify.annotations.NullMarked;
