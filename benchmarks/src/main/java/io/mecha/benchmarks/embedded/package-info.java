// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** The cost of the embedded file; measured with JMH. */
@NullMarked
package io.mecha.benchmarks.embedded;

import org.jspecify.annotations.NullMarked;
