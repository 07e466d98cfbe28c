// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.coordination.engine.Coordination;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.test.Outage;
import io.mecha.test.TestClock;
import io.mecha.test.state.CoordinationNode;
import io.mecha.test.state.StateBackendContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStateBackendTests extends StateBackendContract {

    private final TestClock clock = new TestClock();

    @TempDir
    Path directory;

    @Override
    protected String adapter() {
        return "embedded";
    }

    @Override
    protected StateBackend backend() {
        return open();
    }

    @Override
    protected Optional<StateBackend> anotherNode() {
        return Optional.of(open());
    }

    private StateBackend open() {
        EmbeddedStateOptions options = new EmbeddedStateOptions(null, Duration.ofMillis(200), null);
        return EmbeddedAssembly.open("carts", directory, Limits.of("carts", options), clock);
    }

    @Override
    protected InstantSource clock() {
        return clock;
    }

    @Override
    protected void advance(Duration duration) {
        clock.advance(duration);
    }

    @Override
    protected boolean setClock(Duration difference) {
        clock.jump(difference);
        return true;
    }

    @Override
    protected Set<Class<?>> expectedCapabilities() {
        return Set.of(Transactions.class, KeyScan.class, Leases.class);
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.empty();
    }

    @Override
    protected boolean forgetLeases() {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("mecha.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("delete from mecha_lease");
            return true;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    protected OptionalLong storedEntries() {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("mecha.db"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from mecha_state where state_key >= ' '")) {
            row.next();
            return OptionalLong.of(row.getLong(1));
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    protected Optional<CoordinationNode> coordination(StateBackend backend) {
        Coordination node = Coordination.builder("locks", "embedded", "", backend.capabilities())
                .clock(clock)
                .build();
        return Optional.of(new CoordinationNode(node.locks(), node.elections(), node::close));
    }
}
