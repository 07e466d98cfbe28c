// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/**
 * What the JDBC adapters of several primitives share. Internal, not API.
 *
 * <p>Connections that join Spring's transactions, whether the database answers, what it is, its tables and notifications.
 */
@NullMarked
package io.mecha.jdbc;

import org.jspecify.annotations.NullMarked;
