// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class H2BindingBackendTests extends JdbcContract {

    private static Nodes nodes;

    @BeforeAll
    static void start() {
        String url = "jdbc:h2:mem:bindings;DB_CLOSE_DELAY=-1";
        nodes = Nodes.of(url, url);
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    @Override
    protected String adapter() {
        return "jdbc-h2";
    }

    @Override
    Nodes nodes() {
        return nodes;
    }
}
