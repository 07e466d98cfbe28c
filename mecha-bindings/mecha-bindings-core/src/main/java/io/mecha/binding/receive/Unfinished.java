// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import java.time.Duration;

/**
 * A subscription whose handlers still run after a drain; their messages will be delivered again if the application ends now.
 *
 * @param channel name of the channel
 * @param group name of the group
 * @param handlers how many run
 * @param waited how long the drain has waited for them
 * @since 1.0
 */
public record Unfinished(String channel, String group, int handlers, Duration waited) {}
