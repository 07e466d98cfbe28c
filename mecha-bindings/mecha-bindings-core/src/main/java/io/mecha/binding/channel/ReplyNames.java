// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

/** Names by which the two sides of a request know its reply. */
public final class ReplyNames {

    /** What the name of a channel for replies ends with. */
    public static final String SUFFIX = ".replies";

    /** The extension of a request that names the channel for its reply. */
    public static final String REPLY_TO = "replyto";

    /** The extension of a request and of its reply that is the same for both. */
    public static final String CORRELATION = "correlationid";

    private ReplyNames() {}
}
