// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.drain;

import io.mecha.runtime.drain.DrainPhase;

/** The progress of an application on its way to its end. */
public enum DrainStatus {

    /** It has not begun. */
    OPEN,

    /** In the phase {@link DrainPhase#READINESS}. */
    READINESS,

    /** All is served until others know that this node ends. */
    DELAY,

    /** In the phase {@link DrainPhase#INTAKE}. */
    INTAKE,

    /** In the phase {@link DrainPhase#IN_FLIGHT}. */
    IN_FLIGHT,

    /** In the phase {@link DrainPhase#LEADERSHIP}. */
    LEADERSHIP,

    /** In the phase {@link DrainPhase#WEB}. */
    WEB,

    /** In the phase {@link DrainPhase#FLUSH}. */
    FLUSH,

    /** It is over: beans are destroyed next. */
    DRAINED
}
