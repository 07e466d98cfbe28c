// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.endpoint;

import io.mecha.lifecycle.drain.DrainReport;
import io.mecha.lifecycle.drain.DrainSequence;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** The endpoint {@code mechadrain}: how far the drain is, and what is in progress. */
@Endpoint(id = "mechadrain")
final class DrainEndpoint {

    private final DrainSequence sequence;

    DrainEndpoint(DrainSequence sequence) {
        this.sequence = sequence;
    }

    @ReadOperation
    DrainReport drain() {
        return sequence.report();
    }
}
