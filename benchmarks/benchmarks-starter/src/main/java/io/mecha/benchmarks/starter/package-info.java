// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** The cost of the starter: what it adds to the start and the memory of a web application. */
@NullMarked
package io.mecha.benchmarks.starter;

import org.jspecify.annotations.NullMarked;
