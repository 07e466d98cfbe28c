// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.runtime.Threads;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;

/**
 * The end of an application whose work is that of its runners: when they are done, it drains, closes and exits with their code, though
 * it receives from outside.
 */
final class RunToCompletion implements ApplicationListener<ApplicationReadyEvent> {

    private static final Logger logger = LoggerFactory.getLogger(RunToCompletion.class);

    private final ApplicationContext context;
    private final IntConsumer exit;

    /**
     * @param exit ends the JVM with a code
     */
    RunToCompletion(ApplicationContext context, IntConsumer exit) {
        this.context = context;
        this.exit = exit;
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent ready) {
        if (ready.getApplicationContext().equals(context)) {
            // Listeners that come later, and the caller of run(), are still to see the context open.
            Threads.startForeground("mecha-run-to-completion", this::finish);
        }
    }

    private void finish() {
        logger.info("All runners are done: the application drains and ends, as mecha.bindings.run-to-completion says");
        exit.accept(SpringApplication.exit(context));
    }
}
