// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import io.mecha.state.Versioned;
import org.springframework.http.ResponseEntity;

/** The version of a value is its entity tag. */
final class ETags {

    private ETags() {}

    static <V> ResponseEntity<V> ok(Versioned<V> read) {
        return ResponseEntity.ok().eTag(read.version()).body(read.value());
    }

    /** Returns the version in an If-Match header with one strong tag. */
    static String version(String ifMatch) {
        String tag = ifMatch.strip();
        if (tag.length() < 3 || !tag.startsWith("\"") || !tag.endsWith("\"")) {
            throw Problems.badRequest("If-Match takes one entity tag in quotes, as in the ETag of an answer.");
        }
        return tag.substring(1, tag.length() - 1);
    }
}
