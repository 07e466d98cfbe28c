// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.drain;

import java.util.concurrent.atomic.LongAdder;

/** The HTTP requests in progress, asynchronous ones included until they are answered. */
final class HttpRequests {

    private final LongAdder count = new LongAdder();

    void begin() {
        count.increment();
    }

    void end() {
        count.decrement();
    }

    long count() {
        return Math.max(0, count.sum());
    }
}
