// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Configuration that is read again while an application runs; public but not API. */
@NullMarked
package io.mecha.lifecycle.configuration;

import org.jspecify.annotations.NullMarked;
