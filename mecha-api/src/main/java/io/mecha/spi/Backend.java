// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.spi;

import io.mecha.Capabilities;

/**
 * A connection to one technology, whatever it is used for.
 *
 * @since 1.0
 * @implSpec Thread-safe. Creating a backend must not need its server.
 */
public interface Backend extends AutoCloseable {

    /**
     * Return what this backend can do beyond its own interface.
     *
     * @return handles by type; the same at every call, also after {@link #close()}; does not need the server
     */
    Capabilities capabilities();

    /**
     * Ask the server for a sign of life; used by health checks.
     *
     * @throws io.mecha.MechaException if there is none, or if the backend is closed
     */
    void ping();

    /** Release what this backend opened; not what it was given. Calling it again does nothing. */
    @Override
    void close();
}
