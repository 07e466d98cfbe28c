// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

/**
 * The time in which this node is the leader of a name; renewed until the node steps down.
 *
 * @since 1.0
 */
public interface Leadership extends HeldLease {}
