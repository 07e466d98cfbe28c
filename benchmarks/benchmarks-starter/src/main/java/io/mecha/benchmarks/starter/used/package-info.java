// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** The same application with a store, a sender and a handler. */
@NullMarked
package io.mecha.benchmarks.starter.used;

import org.jspecify.annotations.NullMarked;
