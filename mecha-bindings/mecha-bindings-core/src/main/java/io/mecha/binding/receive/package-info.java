// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Receiving: groups, order by key, handlers, retry and inbox. */
@NullMarked
package io.mecha.binding.receive;

import org.jspecify.annotations.NullMarked;
