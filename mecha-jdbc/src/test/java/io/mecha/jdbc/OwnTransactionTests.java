// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OwnTransactionTests implements InvocationHandler {

    private final List<String> calls = new ArrayList<>();

    @Test
    void endsAConnectionThatDoesNotRollBackBeforeItCommitsAgain() {
        Connection connection = (Connection)
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Connection.class}, this);

        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> OwnTransaction.<String>run(connection, null, () -> {
                    throw new SQLException("refused");
                }))
                .withMessage("refused");

        assertThat(calls).containsExactly("setAutoCommit", "rollback", "abort", "setAutoCommit");
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws SQLException {
        calls.add(method.getName());
        if (method.getName().equals("rollback")) {
            throw new SQLException("lost");
        }
        return null;
    }
}
