// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import io.mecha.Page;
import io.mecha.PageRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The URL-safe form of the tokens of backends, which may hold keys. */
final class PageTokens {

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private PageTokens() {}

    static Page<String> wrap(Page<String> page) {
        PageRequest next = page.following();
        if (next == null || next.token() == null) {
            return page;
        }
        byte[] token = next.token().getBytes(StandardCharsets.UTF_8);
        return new Page<>(page.items(), next.at(ENCODER.encodeToString(token)));
    }

    /** Returns the request as the backend knows it; throws {@code IllegalArgumentException} for what is no token. */
    static PageRequest unwrap(PageRequest request) {
        String token = request.token();
        return token == null ? request : request.at(new String(DECODER.decode(token), StandardCharsets.UTF_8));
    }
}
