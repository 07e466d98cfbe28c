// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime.drain;

/** A phase of the drain; they come in this order. When all are over, beans are destroyed, and with them clients. */
public enum DrainPhase {

    /** Tells others that this node is about to end; the drain delay follows, while all is served. */
    READINESS,

    /** Takes in nothing new: consumers, timers, claims. */
    INTAKE,

    /** Finishes what was begun. */
    IN_FLIGHT,

    /** Steps down as a leader and gives back leases that nothing needs any more. */
    LEADERSHIP,

    /** Answers the requests that are there and takes no new ones. */
    WEB,

    /** Writes what is buffered; clients are still open. */
    FLUSH
}
