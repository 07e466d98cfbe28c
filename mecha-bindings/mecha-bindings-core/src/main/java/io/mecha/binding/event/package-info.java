// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Events on the wire: their layout as CloudEvents, attributes, ids and payloads. */
@NullMarked
package io.mecha.binding.event;

import org.jspecify.annotations.NullMarked;
