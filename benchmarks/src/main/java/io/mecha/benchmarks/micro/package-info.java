// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** How JMH benchmarks take turns and are compared. */
@NullMarked
package io.mecha.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
