// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** What the auto-configurations of the JDBC adapters share. Internal, not API. */
@NullMarked
package io.mecha.jdbc.autoconfigure;

import org.jspecify.annotations.NullMarked;
