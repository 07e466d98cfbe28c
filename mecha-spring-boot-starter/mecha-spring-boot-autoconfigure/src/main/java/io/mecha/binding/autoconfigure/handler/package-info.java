// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Methods with {@code @Binding} and {@code @BindingFallback}: what they take and return, and their subscriptions. */
@NullMarked
package io.mecha.binding.autoconfigure.handler;

import org.jspecify.annotations.NullMarked;
