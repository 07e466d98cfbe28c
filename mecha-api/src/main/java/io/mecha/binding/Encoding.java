// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

/**
 * The layout of an event in a message.
 *
 * @since 1.0
 * @implNote Source: CloudEvents 1.0.2, section "Event Format" and the protocol bindings.
 */
public enum Encoding {
    /** Attributes as headers, data as the body. The default. */
    BINARY,

    /** The whole event as one JSON document, {@code application/cloudevents+json}. */
    STRUCTURED,

    /** Several events as one JSON array, {@code application/cloudevents-batch+json}; what {@code sendAll} makes of a list. */
    BATCH,

    /** Data as the body and no attributes, for readers that know nothing of CloudEvents. */
    RAW
}
