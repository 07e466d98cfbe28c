// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/**
 * The contract of backends of bindings: what the author of an adapter extends to know that the adapter is done.
 *
 * <p>Start with {@link io.mecha.test.binding.BindingBackendContract}.
 */
@NullMarked
package io.mecha.test.binding;

import org.jspecify.annotations.NullMarked;
