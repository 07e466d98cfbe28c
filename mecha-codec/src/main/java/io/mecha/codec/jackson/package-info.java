// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Codecs on Jackson: JSON, and CBOR and Smile where their modules are on the class path. */
@NullMarked
package io.mecha.codec.jackson;

import org.jspecify.annotations.NullMarked;
