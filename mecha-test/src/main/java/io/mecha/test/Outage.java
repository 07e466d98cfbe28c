// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test;

/**
 * A means to break the way to a server, for example a proxy between client and server.
 *
 * @since 1.0
 */
public interface Outage {

    /** Break open connections and refuse new ones, until {@link #restore()}. */
    void cut();

    /** Keep connections open and accept new ones, but let no answer through, until {@link #restore()}. */
    void stall();

    /**
     * Make a call whose request reaches the server and whose answer is lost, for example by cutting the connection while a
     * lock, or a pause of the server, holds the call up there. Afterwards the server is out of reach until {@link
     * #restore()}.
     *
     * @param call makes one call to the backend; run it once, on this thread, and let through what it throws
     */
    void cutDuring(Runnable call);

    /** Bring the server back; also when nothing is broken. */
    void restore();
}
