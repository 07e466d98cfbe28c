// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.load;

/**
 * One way to do something.
 *
 * @param name what it is called in tables
 * @param threads how many threads call at once
 * @param operation what they call, again and again
 */
public record Case(String name, int threads, Operation operation) {}
