// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** An application whose packages begin as those of Spring do. */
@NullMarked
package org.springframework.samples;

import org.jspecify.annotations.NullMarked;
