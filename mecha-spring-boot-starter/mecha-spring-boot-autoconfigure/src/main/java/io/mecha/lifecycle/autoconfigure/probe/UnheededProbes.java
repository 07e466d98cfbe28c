// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.probe;

import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.autoconfigure.handler.AnnotatedBean;
import io.mecha.autoconfigure.handler.HandlerMistakes;
import io.mecha.autoconfigure.handler.MethodRegistrar;
import io.mecha.lifecycle.Probe;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A warning of methods with {@code @Probe} that nothing asks. */
final class UnheededProbes implements MethodRegistrar<Probe> {

    private static final Logger logger = LoggerFactory.getLogger(UnheededProbes.class);

    private final String action;
    private final Set<String> found = new TreeSet<>();

    /**
     * Prepare the warning.
     *
     * @param action what to add or to set, a sentence without its full stop
     */
    UnheededProbes(String action) {
        this.action = action;
    }

    @Override
    public Class<Probe> annotation() {
        return Probe.class;
    }

    @Override
    public void register(AnnotatedBean bean, Method method, Probe annotation, MistakeCollector mistakes) {
        found.add(HandlerMistakes.place(method));
    }

    @Override
    public void complete(MistakeCollector mistakes) {
        warn(found, action);
    }

    static void warn(Set<String> probes, String action) {
        if (!probes.isEmpty()) {
            logger.warn("@Probe does nothing on {}. {}", String.join(", ", probes), action);
        }
    }
}
