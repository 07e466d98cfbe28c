// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.state.jdbc.EmbeddedStateBackendFactory;
import io.mecha.state.jdbc.OwnClassLoader;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** The start of an application that has the adapter and no store that uses it. */
class UnusedDriverTests {

    @Test
    void loadsNoDriverBeforeAStoreNeedsIt() throws Exception {
        try (OwnClassLoader loader = new OwnClassLoader()) {
            loader.run(Application.class);

            assertThat(loader.found()).contains(EmbeddedStateBackendFactory.class.getName());
            assertThat(loader.found().stream().filter(name -> name.startsWith("org.sqlite.")))
                    .as("only what the condition on the driver looks for")
                    .containsOnly("org.sqlite.SQLiteConfig");
        }
    }

    /** Run through a class loader of its own. */
    public static final class Application implements Runnable {

        @Override
        public void run() {
            try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(
                    EmbeddedStateAutoConfiguration.class, JdbcStateAutoConfiguration.class)) {
                assertThat(context.getBean(EmbeddedStateBackendFactory.class)).isNotNull();
            }
        }
    }
}
