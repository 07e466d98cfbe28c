// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Real servers that tests start themselves, without containers: one of each technology for a JVM, or one that a test may stop. */
@NullMarked
package io.mecha.test.server;

import org.jspecify.annotations.NullMarked;
