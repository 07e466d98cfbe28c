// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.coordination.engine.Coordination;
import io.mecha.state.spi.StateBackend;
import io.mecha.test.Outage;
import io.mecha.test.state.CoordinationNode;
import io.mecha.test.state.StateBackendContract;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import javax.sql.DataSource;

/** Run the contract against a database server. */
abstract class ServerContract extends StateBackendContract {

    static final JdbcStateOptions OPTIONS =
            new JdbcStateOptions(null, null, null, null, Duration.ofSeconds(3), null, Duration.ofMillis(200), null);

    /** Return the pool of the first node. */
    abstract DataSource first();

    /** Return the pool of the second node. */
    abstract DataSource second();

    /** Return the direct way to the server. */
    abstract DataSource direct();

    JdbcStateOptions options() {
        return OPTIONS;
    }

    @Override
    protected StateBackend backend() {
        execute("drop table if exists mecha_state");
        execute("drop table if exists mecha_lease");
        execute("drop table if exists mecha_lease_fence");
        StateBackend backend = JdbcAssembly.build("carts", first(), options(), true, clock());
        backend.ping(); // the table is created in the background
        return backend;
    }

    @Override
    protected Optional<StateBackend> anotherNode() {
        return Optional.of(JdbcAssembly.build("carts", second(), options(), true, clock()));
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.empty();
    }

    private void execute(String sql) {
        try (Connection connection = direct().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    protected boolean forgetLeases() {
        execute("delete from mecha_lease");
        execute("delete from mecha_lease_fence");
        return true;
    }

    @Override
    protected OptionalLong storedEntries() {
        try (Connection connection = direct().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from mecha_state where version <> ''"
                        + " and octet_length(state_value) > 0")) {
            row.next();
            return OptionalLong.of(row.getLong(1));
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    protected Optional<CoordinationNode> coordination(StateBackend backend) {
        Coordination node = Coordination.builder("locks", "jdbc", "", backend.capabilities())
                .clock(clock())
                .build();
        return Optional.of(new CoordinationNode(node.locks(), node.elections(), node::close));
    }
}
