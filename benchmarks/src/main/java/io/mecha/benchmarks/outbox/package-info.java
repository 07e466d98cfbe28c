// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** What an outbox in PostgreSQL costs. */
@NullMarked
package io.mecha.benchmarks.outbox;

import org.jspecify.annotations.NullMarked;
