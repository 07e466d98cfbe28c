// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.autoconfigure.HealthOptions;
import org.jspecify.annotations.Nullable;

/**
 * The origin of a channel.
 *
 * @param property what configures it
 * @param origin where that is set, if it is and anybody knows
 * @param reason why it has its type, for the log
 * @param health how it takes part in health and in the start
 */
record ChannelDescription(String property, @Nullable String origin, String reason, HealthOptions health) {}
