// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** What both applications serve. */
@NullMarked
package io.mecha.benchmarks.starter.web;

import org.jspecify.annotations.NullMarked;
