// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Leases in tables of a database. */
@NullMarked
package io.mecha.jdbc.lease;

import org.jspecify.annotations.NullMarked;
