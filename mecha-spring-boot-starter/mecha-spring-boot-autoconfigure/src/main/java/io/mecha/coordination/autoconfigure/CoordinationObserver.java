// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import io.mecha.coordination.engine.Coordination;

/** An observer of the engine of locks and leaders, which is made when something first asks for it. */
interface CoordinationObserver {

    /** Takes note of the engine. */
    void made(Coordination coordination);
}
