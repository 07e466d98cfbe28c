// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.receive.Unfinished;
import io.mecha.lifecycle.Drain;
import io.mecha.runtime.drain.DrainParticipant;
import io.mecha.runtime.drain.DrainPhase;
import java.util.List;
import java.util.function.Consumer;

/** The part of receiving in a phase of the drain. */
final class BindingDrain implements DrainParticipant {

    private final BindingEngine engine;
    private final DrainPhase phase;
    private final Consumer<Drain> part;

    BindingDrain(BindingEngine engine, DrainPhase phase, Consumer<Drain> part) {
        this.engine = engine;
        this.phase = phase;
        this.part = part;
    }

    @Override
    public String name() {
        return phase == DrainPhase.INTAKE ? "consumers" : "handlers";
    }

    @Override
    public DrainPhase phase() {
        return phase;
    }

    @Override
    public void drain(Drain drain) {
        part.accept(drain);
    }

    /** Handlers are in progress; a consumer that does not hand out anything has nothing left. */
    @Override
    public List<String> unfinished() {
        return phase == DrainPhase.INTAKE
                ? List.of()
                : engine.unfinished().stream().map(BindingDrain::describe).toList();
    }

    private static String describe(Unfinished handlers) {
        return "%s of channel '%s', group '%s'"
                .formatted(
                        handlers.handlers() == 1 ? "1 handler" : handlers.handlers() + " handlers",
                        handlers.channel(),
                        handlers.group());
    }
}
