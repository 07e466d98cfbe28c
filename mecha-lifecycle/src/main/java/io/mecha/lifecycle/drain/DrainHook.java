// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.drain;

import io.mecha.lifecycle.Drain;
import java.time.Duration;

/**
 * A method of the application that takes part in the drain.
 *
 * @param place where it is, for messages
 * @param order lower ones are called earlier
 * @param timeout how long it may take
 * @param call calls it
 */
public record DrainHook(String place, int order, Duration timeout, Call call) {

    /** A call of the method. */
    @FunctionalInterface
    public interface Call {

        /**
         * Call the method.
         *
         * @param drain the time it has
         * @throws Exception what the method threw
         */
        void run(Drain drain) throws Exception;
    }
}
