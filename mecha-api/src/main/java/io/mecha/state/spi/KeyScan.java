// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.spi;

import io.mecha.Page;
import io.mecha.PageRequest;

/**
 * The listing of keys by prefix.
 *
 * @since 1.0
 */
public interface KeyScan {

    /**
     * Tell whether keys come in order.
     *
     * @return {@code true} if keys ascend and none is returned twice in a scan; {@code false} if keys come in any order
     *     and one may be returned again when others are written meanwhile
     */
    boolean ordered();

    /**
     * List keys.
     *
     * @param prefix what the keys begin with, compared literally; may be empty
     * @param page how many keys, and where to start
     * @return the keys and where to go on; expired keys are left out; a key that has a value during the whole scan is found
     * @throws IllegalArgumentException if the token is not one that this backend handed out
     */
    Page<String> keys(String prefix, PageRequest page);
}
