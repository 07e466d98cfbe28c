// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class TroublesTests {

    private static final String WORK = "A look at something";

    private final Logger logger = (Logger) LoggerFactory.getLogger(Troubles.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final AtomicLong nanos = new AtomicLong();
    private final Troubles troubles = new Troubles(nanos::get);

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        logger.setLevel(null);
    }

    @Test
    void tellsTheBeginningAndTheEndOfAStateOfFailure() {
        for (int second = 0; second < 300; second++) {
            troubles.tellFailed(WORK, new IllegalStateException("refused"));
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        }
        for (int second = 0; second < 300; second++) {
            troubles.tellOver(WORK);
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        }

        assertThat(told())
                .containsExactly(
                        "WARN A look at something failed unexpectedly, and goes on: IllegalStateException: refused",
                        "INFO A look at something works again");
    }

    @Test
    void tellsOnceOfWhatFailsNowAndThen() {
        for (int second = 0; second < 300; second++) {
            troubles.tellFailed(WORK, new IllegalStateException("refused"));
            troubles.tellOver(WORK);
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        }

        assertThat(told()).hasSize(1);
    }

    @Test
    void showsStackTracesToWhoeverLooksForDetails() {
        troubles.tellFailed(WORK, new IllegalStateException("refused"));
        logger.setLevel(Level.DEBUG);
        troubles.tellFailed(WORK, new IllegalStateException("refused"));

        assertThat(log.list)
                .filteredOn(event -> event.getThrowableProxy() != null)
                .extracting(ILoggingEvent::getLevel)
                .containsExactly(Level.DEBUG);
    }

    private List<String> told() {
        return log.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }
}
