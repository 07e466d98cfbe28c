// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle;

/**
 * The properties of an application as they are now, where their files may change while it runs.
 *
 * <p>Injected as a {@code Reloadable} of a type with {@code @ConfigurationProperties}, best a record. A change replaces the object as a
 * whole: the object that {@link #get()} returned keeps properties that belong together, and another call returns the newest
 * ones. All reloadable properties change at once, and before anybody is told of the change. Where no files are watched, the object stays
 * the same. Thread-safe.
 *
 * @param <T> type of the properties
 * @since 1.0
 */
@FunctionalInterface
public interface Reloadable<T> {

    /**
     * Return the properties; as cheap as reading a field.
     *
     * @return the object of now, bound and validated; do not change it
     */
    T get();
}
