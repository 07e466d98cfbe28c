// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

/**
 * Break the way to the server of a state backend.
 *
 * @since 1.0
 */
public interface Outage extends io.mecha.test.Outage {}
