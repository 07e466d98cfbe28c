// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A request and its reply on the same connection: the capability of backends that talk to a server, such as HTTP. Without it,
 * replies come over a channel of their own.
 *
 * @since 1.0
 */
public interface RequestReply {

    /**
     * Send a request.
     *
     * @param id id of the event
     * @param message the message
     * @param timeout how long to wait for the reply; positive
     * @return completes with the reply, without attributes if it is only data; exceptionally with {@code SendException}, or with {@link
     *     java.util.concurrent.TimeoutException} if the reply did not come in time
     */
    CompletionStage<Message> request(String id, Message message, Duration timeout);
}
