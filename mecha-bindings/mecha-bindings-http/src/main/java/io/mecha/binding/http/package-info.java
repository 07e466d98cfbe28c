// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Bindings over HTTP: CloudEvents in and out, and plain requests. */
@NullMarked
package io.mecha.binding.http;

import org.jspecify.annotations.NullMarked;
