// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** What the engine costs on a map in this JVM; measured with JMH. */
@NullMarked
package io.mecha.benchmarks.memory;

import org.jspecify.annotations.NullMarked;
