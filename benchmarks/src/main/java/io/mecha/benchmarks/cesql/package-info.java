// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** What filters cost. */
@NullMarked
package io.mecha.benchmarks.cesql;

import org.jspecify.annotations.NullMarked;
