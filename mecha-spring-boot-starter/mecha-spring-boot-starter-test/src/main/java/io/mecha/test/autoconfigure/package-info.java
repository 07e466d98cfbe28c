// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Tests of Spring Boot applications that use Mecha: in-memory components and a clock that stands still. */
@NullMarked
package io.mecha.test.autoconfigure;

import org.jspecify.annotations.NullMarked;
