// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.

/**
 * The lifecycle of an application: what happens between its start and its end.
 *
 * @since 1.0
 */
@NullMarked
package io.mecha.lifecycle;

import org.jspecify.annotations.NullMarked;
