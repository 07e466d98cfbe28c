// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** The controller of both applications. */
@NullMarked
package io.mecha.benchmarks.starter.web;

import org.jspecify.annotations.NullMarked;
