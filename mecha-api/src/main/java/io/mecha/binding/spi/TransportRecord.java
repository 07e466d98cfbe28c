// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record of what a transport says of a message beside what the message says; implemented by the {@link Message#original() original} of
 * a message whose adapter has something to say.
 *
 * @since 1.0
 */
public interface TransportRecord {

    /**
     * Return what the transport says, for {@code Event.transport()}.
     *
     * @return text by name, for example {@code topic} and {@code offset} on Kafka; immutable. Made when somebody asks
     */
    Map<String, String> details();

    /**
     * Return the name of an attribute that the transport has several times, with different values: such an event is unreadable, since
     * each receiver might take another one for its id or type.
     *
     * @return the name of one of them, in lower case; {@code null} if there is none
     */
    @Nullable String contradiction();
}
