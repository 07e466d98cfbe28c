// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Key-value state in Redis, through Lettuce. */
@NullMarked
package io.mecha.state.redis;

import org.jspecify.annotations.NullMarked;
