// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** What tests of Mecha, and of applications that use it, share: a clock to move and a way to wait for what happens soon. */
@NullMarked
package io.mecha.test;

import org.jspecify.annotations.NullMarked;
