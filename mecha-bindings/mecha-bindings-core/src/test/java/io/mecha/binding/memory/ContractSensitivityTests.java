// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectUniqueId;

import io.mecha.binding.spi.BindingBackend;
import java.time.Duration;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** The contract fails a backend that makes a mistake. */
class ContractSensitivityTests {

    private static final String MISTAKE = "mistake";

    @ParameterizedTest
    @EnumSource
    void failsABackendThat(Mistake mistake) {
        Events tests = run(mistake);

        assertThat(tests.failed().count())
                .as("failures of %s", mistake.behaviour())
                .isEqualTo(1);
    }

    private static Events run(Mistake mistake) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectUniqueId("[engine:junit-jupiter]/[class:%s]/[nested-class:%s]/[method:%s()]"
                        .formatted(Mistaken.class.getName(), mistake.group(), mistake.behaviour())))
                .configurationParameter(MISTAKE, mistake.name())
                .execute()
                .testEvents();
    }

    /** Run by the tests above only. */
    @ExtendWith(Mistaken.Choice.class)
    static final class Mistaken extends MemoryBindingBackendTests {

        private Mistake mistake = Mistake.FORGETS_HEADERS;

        @Override
        protected BindingBackend backend(String destination) {
            return mistake.makeIn(super.backend(destination));
        }

        @Override
        protected String adapter() {
            return "";
        }

        @Override
        protected Duration patience() {
            return Duration.ofMillis(500);
        }

        static final class Choice implements BeforeEachCallback {

            @Override
            public void beforeEach(ExtensionContext context) {
                context.getRequiredTestInstances().findInstance(Mistaken.class).orElseThrow().mistake =
                        context.getConfigurationParameter(MISTAKE, Mistake::valueOf)
                                .orElseThrow();
            }
        }
    }
}
