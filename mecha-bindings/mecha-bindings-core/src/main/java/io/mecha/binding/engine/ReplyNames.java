// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

/** Names by which the two sides of a request know its reply. */
final class ReplyNames {

    /** What the name of a channel for replies ends with. */
    static final String SUFFIX = ".replies";

    /** The extension of a request that names the channel for its reply. */
    static final String REPLY_TO = "replyto";

    /** The extension of a request and of its reply that is the same for both. */
    static final String CORRELATION = "correlationid";

    private ReplyNames() {}
}
