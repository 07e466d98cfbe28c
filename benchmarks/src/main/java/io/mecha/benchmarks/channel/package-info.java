// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** What a channel within this JVM costs. */
@NullMarked
package io.mecha.benchmarks.channel;

import org.jspecify.annotations.NullMarked;
