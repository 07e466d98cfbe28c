// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** What the two halves of a channel know of it, of each other and of the engine. */
@NullMarked
package io.mecha.binding.channel;

import org.jspecify.annotations.NullMarked;
