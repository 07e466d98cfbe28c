// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.AbstractDriverBasedDataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.SmartDataSource;

/**
 * The way to connections to a server that no pool counts, with the settings of an application's data source.
 *
 * <p>JDBC cannot ask a data source whether it pools, nor what it connects with; every pool has properties that tell.
 */
final class UnpooledConnections {

    private static final List<String> DRIVERS =
            List.of("org.postgresql.ds.PGSimpleDataSource"); // allow ClassName: the application brings the driver
    private static final List<String> PROPERTIES =
            List.of("getDataSourceProperties", "getDbProperties", "getConnectionProperties");
    private static final List<String> SIZES =
            List.of("getMaximumPoolSize", "getMaxTotal", "getMaxActive", "getMaxPoolSize");

    /** What pools do to connections: HikariCP, then DBCP, then Tomcat's. */
    private static final List<String> PREPARATIONS = List.of(
            "getSchema",
            "getCatalog",
            "getConnectionInitSql",
            "getDefaultSchema",
            "getDefaultCatalog",
            "getConnectionInitSqls",
            "getInitSQL");

    private UnpooledConnections() {}

    /** A source of connections for long. */
    @FunctionalInterface
    interface Source {

        Connection open() throws SQLException;
    }

    /** Finds the way around the pool; {@code null} if there is none. */
    static @Nullable Source of(DataSource dataSource) {
        if (DRIVERS.contains(dataSource.getClass().getName())
                || (dataSource instanceof AbstractDriverBasedDataSource && !(dataSource instanceof SmartDataSource))) {
            return dataSource::getConnection;
        }
        if (DataSourceUrls.property(dataSource, "getCredentialsProvider") != null) {
            return null; // only the pool knows how to ask it
        }
        if (DataSourceUrls.ownUrl(dataSource) != null) {
            return () -> connect(dataSource);
        }
        if (dataSource instanceof DelegatingDataSource proxy) {
            return proxy.getTargetDataSource() == null ? null : of(proxy.getTargetDataSource());
        }
        boolean asItself = DataSourceUrls.property(dataSource, "getUsername") == null;
        return asItself && DataSourceUrls.property(dataSource, "getDataSource") instanceof DataSource inner
                ? of(inner)
                : null;
    }

    /** Tells whether a pool changes what statements mean on its connections, so that one beside it may find other tables. */
    static boolean prepares(DataSource dataSource) {
        for (String getter : PREPARATIONS) {
            Object value = DataSourceUrls.property(dataSource, getter);
            if ((value instanceof String text && !text.isEmpty())
                    || (value instanceof Collection<?> statements && !statements.isEmpty())) {
                return true;
            }
        }
        return dataSource instanceof DelegatingDataSource proxy
                && proxy.getTargetDataSource() != null
                && prepares(proxy.getTargetDataSource());
    }

    /** Asks for the settings each time, because passwords change. */
    private static Connection connect(DataSource dataSource) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("loginTimeout", "10");
        properties.setProperty("tcpKeepAlive", "true");
        for (String getter : PROPERTIES) {
            if (DataSourceUrls.property(dataSource, getter) instanceof Properties more) {
                properties.putAll(more);
            }
        }
        put(properties, "user", DataSourceUrls.property(dataSource, "getUsername"));
        put(properties, "password", DataSourceUrls.property(dataSource, "getPassword"));
        return DriverManager.getConnection(String.valueOf(DataSourceUrls.ownUrl(dataSource)), properties);
    }

    private static void put(Properties properties, String name, @Nullable Object value) {
        if (value instanceof String text) {
            properties.setProperty(name, text);
        }
    }

    /** Returns how many connections a pool has at most; many if it does not tell. */
    static int poolSize(DataSource dataSource) {
        for (String getter : SIZES) {
            if (DataSourceUrls.property(dataSource, getter) instanceof Integer size) {
                return size < 0 ? Integer.MAX_VALUE : size;
            }
        }
        return dataSource instanceof DelegatingDataSource proxy && proxy.getTargetDataSource() != null
                ? poolSize(proxy.getTargetDataSource())
                : Integer.MAX_VALUE;
    }
}
