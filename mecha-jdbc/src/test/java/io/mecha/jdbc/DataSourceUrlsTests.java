// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

class DataSourceUrlsTests {

    @Test
    void asksPoolsAndDrivers() throws Exception {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setUrl("jdbc:h2:mem:x");
        HikariDataSource hikari = new HikariDataSource();
        hikari.setJdbcUrl("jdbc:postgresql://localhost/x");
        HikariDataSource around = new HikariDataSource();
        around.setDataSource(new PGSimpleDataSource());

        assertThat(DataSourceUrls.databaseOf(h2)).contains(Database.H2);
        assertThat(DataSourceUrls.databaseOf(hikari)).contains(Database.POSTGRESQL);
        assertThat(DataSourceUrls.databaseOf(around)).contains(Database.POSTGRESQL);
        assertThat(DataSourceUrls.databaseOf(new MariaDbDataSource("jdbc:mariadb://localhost/x")))
                .contains(Database.MARIADB);
    }

    @Test
    void looksThroughProxiesAndWrappingDrivers() {
        DataSource mysql = new DriverManagerDataSource("jdbc:mysql://localhost/x");

        assertThat(DataSourceUrls.databaseOf(new LazyConnectionDataSourceProxy(mysql)))
                .contains(Database.MYSQL);
        assertThat(DataSourceUrls.databaseOf(new DriverManagerDataSource("jdbc:p6spy:postgresql://localhost/x")))
                .contains(Database.POSTGRESQL);
    }

    @Test
    void knowsNothingOfOthers() {
        DataSource other = new AbstractDataSource() {
            @Override
            public Connection getConnection() {
                throw new AssertionError("must not connect");
            }

            @Override
            public Connection getConnection(String user, String password) {
                throw new AssertionError("must not connect");
            }
        };

        assertThat(DataSourceUrls.databaseOf(other)).isEmpty();
        assertThat(DataSourceUrls.databaseOf(new DriverManagerDataSource("jdbc:oracle:thin:@x")))
                .isEmpty();
    }
}
