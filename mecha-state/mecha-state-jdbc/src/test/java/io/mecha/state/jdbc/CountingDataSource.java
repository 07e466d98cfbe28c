// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Note the statements that are run, and what the connection is told between them. */
final class CountingDataSource extends DelegatingDataSource {

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    CountingDataSource(DataSource target) {
        super(target);
    }

    /** Return what was run since the last time, without what the background does. */
    List<String> take() {
        List<String> taken =
                calls.stream().filter(call -> !call.contains("purge")).toList();
        calls.clear();
        return taken;
    }

    /** Return how much was run since {@link #take}. */
    long count() {
        return calls.size();
    }

    /** Return what statements have thrown. */
    List<Throwable> failures() {
        return List.copyOf(failures);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("commit") || method.getName().equals("rollback")) {
                        calls.add(method.getName());
                    }
                    Object result = invoke(() -> method.invoke(connection, arguments));
                    return result instanceof PreparedStatement statement
                            ? counting(statement, (String) arguments[0])
                            : result;
                });
    }

    private PreparedStatement counting(PreparedStatement statement, String sql) {
        return (PreparedStatement) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {PreparedStatement.class}, (proxy, method, arguments) -> {
                    if (method.getName().startsWith("execute")) {
                        calls.add(sql.substring(0, sql.indexOf(' ')));
                    }
                    try {
                        return invoke(() -> method.invoke(statement, arguments));
                    } catch (SQLException e) {
                        failures.add(e);
                        throw e;
                    }
                });
    }

    private interface Invocation {

        Object run() throws IllegalAccessException, InvocationTargetException;
    }

    private static Object invoke(Invocation invocation) throws Throwable {
        try {
            return invocation.run();
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
