// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure.handler;

/**
 * One fallback.
 *
 * @param method the method
 * @param channel name of the channel
 * @param group the group whose messages it gets; empty for every group that has no fallback of its own
 */
record FallbackRegistration(HandlerMethod method, String channel, String group) {

    /** Tells whether it can get what a handler failed at. */
    boolean accepts(HandlerRegistration handler) {
        return channel.equals(handler.channel())
                && (group.isEmpty() || group.equals(handler.group()))
                && (method.parameters().ignoresPayload()
                        || method.rawPayload().isAssignableFrom(handler.method().rawPayload()));
    }
}
