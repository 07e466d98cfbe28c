// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import io.mecha.binding.Bindings;
import io.mecha.binding.channel.ChannelDefinition;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.ChannelSource;
import io.mecha.binding.channel.OutOptions;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.state.KeyValueStore;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.state.spi.Leases;
import io.mecha.test.binding.EngineSetup;
import java.time.InstantSource;

/** Builds engines as the contract of bindings wants them. */
final class TestEngines {

    private static final Leases LEASES = new MemoryStateBackend(InstantSource.system())
            .capabilities()
            .find(Leases.class)
            .orElseThrow();

    private TestEngines() {}

    static KeyValueStore<byte[]> store() {
        return StateStoreComponent.builder(
                        "state", "memory", new MemoryStateBackend(InstantSource.system()), JacksonCodecs.standard())
                .build()
                .store(byte[].class);
    }

    static Bindings start(EngineSetup setup) {
        BindingEngine engine = BindingEngine.builder()
                .application(setup.application())
                .node(setup.node())
                .clock(setup.clock())
                .codecs(JacksonCodecs.standard())
                .stores(setup.stores())
                .leases(name -> LEASES)
                .source(ChannelSource.of(name -> new ChannelDefinition(
                        ChannelOptions.of(name, "memory")
                                .withEncoding(setup.encoding())
                                .withOut(OutOptions.DEFAULT.withDelayStore(setup.delayStore())),
                        setup.backend(name))))
                .build();
        engine.start();
        return engine;
    }
}
