// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.spi;

import java.util.Objects;

/** Bytes; a class and not a record so that nothing prints or compares them. */
final class BytesValue implements Value {

    private final byte[] bytes;

    BytesValue(byte[] bytes) {
        this.bytes = Objects.requireNonNull(bytes, "bytes");
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public String toString() {
        return "Value[%d bytes]".formatted(bytes.length);
    }
}
