// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import io.mecha.binding.Bindings;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.engine.ChannelDefinition;
import io.mecha.binding.engine.ChannelOptions;
import io.mecha.binding.engine.ChannelSource;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.test.binding.EngineSetup;

/** Builds engines as the contract of bindings wants them. */
final class TestEngines {

    private TestEngines() {}

    static Bindings start(EngineSetup setup) {
        BindingEngine engine = BindingEngine.builder()
                .application(setup.application())
                .node(setup.node())
                .codecs(JacksonCodecs.standard())
                .source(ChannelSource.of(name -> new ChannelDefinition(
                        ChannelOptions.of(name, "memory").withEncoding(setup.encoding()), setup.backend(name))))
                .build();
        engine.start();
        return engine;
    }
}
