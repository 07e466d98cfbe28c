// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

/**
 * The result of a redrive.
 *
 * @param redriven how many dead letters were sent back
 * @param unverified how many messages stay in the dead letter channel because no key verifies that they are dead letters
 * @since 1.0
 */
public record RedriveResult(int redriven, int unverified) {}
