// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.load;

import java.util.List;

/**
 * What was measured of one case in one round.
 *
 * @param perSecond calls in a second, of all threads
 * @param p50 median duration of a call in microseconds
 * @param p99 duration that one call of a hundred exceeded, in microseconds
 * @param cpu processor time for each call in microseconds, for each meter
 */
record Sample(double perSecond, double p50, double p99, List<Double> cpu) {}
