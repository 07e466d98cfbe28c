// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Sending: events from payloads, delays, the outbox, requests and their replies. */
@NullMarked
package io.mecha.binding.send;

import org.jspecify.annotations.NullMarked;
