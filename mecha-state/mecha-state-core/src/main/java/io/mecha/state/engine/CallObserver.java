// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An observer of the calls to a store. */
interface CallObserver {

    /**
     * Makes a call.
     *
     * @param outcome what its result means
     */
    <R extends @Nullable Object> R observe(
            StoreOperation operation, Supplier<R> call, Function<R, CallOutcome> outcome);
}
