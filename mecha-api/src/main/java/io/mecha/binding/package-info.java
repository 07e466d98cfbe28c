// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/**
 * Messages in and out through named channels.
 *
 * <p>A channel is a topic, a queue, an HTTP endpoint or a timer. {@code @Binding} on a method receives from it, on an
 * injection point sends to it; {@link io.mecha.binding.Bindings} does both without annotations.
 */
@NullMarked
package io.mecha.binding;

import org.jspecify.annotations.NullMarked;
