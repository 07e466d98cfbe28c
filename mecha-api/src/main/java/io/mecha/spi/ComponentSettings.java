// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.spi;

import java.nio.file.Path;
import java.time.InstantSource;

/**
 * The settings that components of every primitive have.
 *
 * @since 1.0
 */
public interface ComponentSettings {

    /**
     * Return the options of the component's type: those that apply to all components of the type, overridden by its own.
     *
     * @param <O> the options
     * @param type a record; a component that is not configured is {@code null}, or {@code false} or {@code 0}
     * @return the options
     */
    <O> O options(Class<O> type);

    /**
     * Return where embedded backends keep their files.
     *
     * @return the directory, which need not exist
     */
    Path dataDirectory();

    /**
     * Return the clock of backends that live in this JVM.
     *
     * @return the clock
     */
    InstantSource clock();
}
