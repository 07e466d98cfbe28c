// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.start;

/** A guard that decides whether a step of the start needs to be done by this node. */
@FunctionalInterface
public interface StartGuard {

    /** The guard of what is done at each start. */
    StartGuard ALWAYS = action -> {
        action.run();
        return true;
    };

    /**
     * Do it, unless it was done before. May wait for another node that does it.
     *
     * @param action does it on another thread; throws {@code InterruptedException} if this thread is interrupted, when the action has
     *     ended or ignores the interrupt
     * @return {@code false} if it was done before
     * @throws Exception if it failed
     */
    boolean run(StartAction action) throws Exception;
}
