// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A data source behind a gate: what comes to it while it is closed waits, as in a process that is paused. */
final class GatedDataSource extends DelegatingDataSource {

    private final AtomicReference<@Nullable Gate> gate = new AtomicReference<>();

    GatedDataSource(DataSource real) {
        super(real);
    }

    private record Gate(String before, CountDownLatch reached, CountDownLatch opened) {}

    /** Lets nobody have a connection. */
    void close() {
        closeBefore("");
    }

    /** Holds up statements that begin with a text. */
    void closeBefore(String statement) {
        gate.set(new Gate(statement, new CountDownLatch(1), new CountDownLatch(1)));
    }

    /** Waits until something waits before the gate. */
    boolean awaitReached(long seconds) throws InterruptedException {
        Gate closed = gate.get();
        return closed == null || closed.reached().await(seconds, TimeUnit.SECONDS);
    }

    void open() {
        Gate closed = gate.getAndSet(null);
        if (closed != null) {
            closed.opened().countDown();
        }
    }

    private void pass(String statement) {
        Gate closed = gate.get();
        if (closed != null && statement.startsWith(closed.before())) {
            closed.reached().countDown();
            boolean interrupted = false;
            while (closed.opened().getCount() > 0) {
                try {
                    closed.opened().await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        pass("");
        Connection real = super.getConnection();
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> call(real, method, arguments));
    }

    private @Nullable Object call(Connection real, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getName().equals("prepareStatement") && arguments != null) {
            pass((String) arguments[0]);
        }
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
