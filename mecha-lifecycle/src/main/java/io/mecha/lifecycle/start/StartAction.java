// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.start;

/** The work of a step of the start. */
@FunctionalInterface
public interface StartAction {

    /**
     * Do it.
     *
     * @throws Exception if it failed
     */
    void run() throws Exception;
}
