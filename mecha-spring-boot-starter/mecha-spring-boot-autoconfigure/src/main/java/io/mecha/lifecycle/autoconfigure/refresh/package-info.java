// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** The bridge from reloads to beans of Spring Cloud's {@code @RefreshScope}. */
@NullMarked
package io.mecha.lifecycle.autoconfigure.refresh;

import org.jspecify.annotations.NullMarked;
