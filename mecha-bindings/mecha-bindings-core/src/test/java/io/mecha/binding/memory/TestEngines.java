// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import io.mecha.binding.Bindings;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.engine.ChannelDefinition;
import io.mecha.binding.engine.ChannelOptions;
import io.mecha.binding.engine.ChannelSource;
import io.mecha.binding.engine.OutOptions;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.test.binding.EngineSetup;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Builds engines as the contract of bindings wants them. */
final class TestEngines {

    private TestEngines() {}

    static Bindings start(EngineSetup setup) {
        BindingEngine engine = BindingEngine.builder()
                .application(setup.application())
                .node(setup.node())
                .codecs(JacksonCodecs.standard())
                .source(new Source(setup))
                .build();
        engine.start();
        return engine;
    }

    private record Source(EngineSetup setup) implements ChannelSource {

        @Override
        public Optional<ChannelDefinition> create(String name, @Nullable ChannelOptions like) {
            ChannelOptions options = new ChannelOptions(
                    name,
                    "memory",
                    name,
                    setup.encoding(),
                    null,
                    "/test",
                    false,
                    SubscriptionOptions.none(),
                    OutOptions.DEFAULT);
            return Optional.of(new ChannelDefinition(options, setup.backend(name)));
        }

        @Override
        public ChannelDefinition outbox(ChannelOptions channel) {
            throw new AssertionError("No channel of a test has an outbox");
        }
    }
}
