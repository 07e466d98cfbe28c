// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer of a script: numbers, texts and nothing, in order; lists are flattened. */
final class ScriptOutput extends CommandOutput<String, StoredValue, List<@Nullable Object>> {

    ScriptOutput() {
        super(StoredValueCodec.INSTANCE, new ArrayList<>());
    }

    @Override
    public void set(long number) {
        output.add(number);
    }

    @Override
    public void set(@Nullable ByteBuffer bytes) {
        output.add(bytes == null ? null : StandardCharsets.UTF_8.decode(bytes).toString());
    }

    @Override
    public void multi(int count) {
        // Flattened.
    }
}
