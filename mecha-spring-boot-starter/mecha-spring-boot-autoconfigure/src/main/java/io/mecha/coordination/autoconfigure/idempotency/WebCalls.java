// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency;

import io.mecha.autoconfigure.configuration.MistakeCollector;

/**
 * The idempotency of web requests, where there are any.
 *
 * @since 1.0
 */
public interface WebCalls {

    /**
     * Look for mistakes in what configures it.
     *
     * @param mistakes takes them
     * @return whether there are operations with keys
     */
    boolean check(MistakeCollector mistakes);
}
