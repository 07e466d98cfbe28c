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

    /**
     * Take all steps in order, and throw what failed first.
     *
     * @param steps what to do; each is run once
     */
    public static void all(Runnable... steps) {
        Closing closing = new Closing();
        closing.each(List.of(steps), Runnable::run);
        closing.end();
    }

    /**
     * Take a step for each element, and keep the first failure for {@link #end}.
     *
     * @param elements elements, in the order of the steps
     * @param step what to do with an element
     * @param <E> type of the elements
     */
    public <E> void each(Collection<? extends E> elements, Consumer<? super E> step) {
        elements.forEach(element -> run(() -> step.accept(element)));
    }

    /**
     * Take a step, and keep its failure for {@link #end} if it is the first.
     *
     * @param step what to do
     */
    public void run(Runnable step) {
        try {
            step.run();
        } catch (Throwable failure) { // allow CatchException: what follows is closed, too
            if (first == null) {
                first = failure;
            } else {
                LOG.warn("More than one part failed to close: {}", Thrown.describe(failure));
                if (LOG.isDebugEnabled()) {
                    LOG.debug("A part failed to close", Thrown.loggable(failure));
                }
            }
        }
    }

    /** Throw what failed first; do nothing if all steps succeeded. */
    public void end() {
        if (first instanceof RuntimeException failure) {
            throw failure;
        }
        if (first instanceof Error failure) {
            throw failure;
        }
    }
}
