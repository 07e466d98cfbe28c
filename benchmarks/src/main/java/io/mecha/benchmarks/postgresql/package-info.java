// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** What Mecha costs over plain JDBC. */
@NullMarked
package io.mecha.benchmarks.postgresql;

import org.jspecify.annotations.NullMarked;
