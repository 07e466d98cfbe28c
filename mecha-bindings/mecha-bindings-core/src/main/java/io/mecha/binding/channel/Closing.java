// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import io.mecha.Thrown;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of an end, each of which is taken whatever became of those before; the first failure is thrown at the end. */
public final class Closing {

    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    private @Nullable Throwable first;

    /** Takes all steps, and throws what failed first. */
    public static void all(Runnable... steps) {
        Closing closing = new Closing();
        closing.each(List.of(steps), Runnable::run);
        closing.end();
    }

    public <E> void each(Collection<? extends E> elements, Consumer<? super E> step) {
        elements.forEach(element -> run(() -> step.accept(element)));
    }

    public void run(Runnable step) {
        try {
            step.run();
        } catch (Throwable failure) { // allow CatchException: what follows is closed, too
            if (first == null) {
                first = failure;
            } else {
                LOG.warn("More than one part failed to close", Thrown.loggable(failure));
            }
        }
    }

    /** Throws what failed first. */
    public void end() {
        if (first instanceof RuntimeException failure) {
            throw failure;
        }
        if (first instanceof Error failure) {
            throw failure;
        }
    }
}
