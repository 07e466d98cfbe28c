// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Wiring of locks and leaders: {@code @Locked}, {@code @LeaderOnly} and {@code @ClusterSingleton}, and what operators see of them. */
@NullMarked
package io.mecha.coordination.autoconfigure;

import org.jspecify.annotations.NullMarked;
