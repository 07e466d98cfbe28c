// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * The product, known from the URL that a {@code DataSource} is configured with.
 *
 * <p>What a backend can do has to be known before its server answers. JDBC has no way to ask a data source for its URL, but
 * every pool and driver has a property for it.
 */
public final class DataSourceUrls {

    private static final List<String> GETTERS = List.of("getJdbcUrl", "getUrl", "getURL");

    /** Drivers that stand before the real one put their name in the URL. */
    private static final List<String> WRAPPERS = List.of("jdbc:p6spy:", "jdbc:tc:", "jdbc:otel:");

    private DataSourceUrls() {}

    /**
     * Tell the product.
     *
     * @param dataSource a pool, a driver's own data source, or a proxy around one
     * @return the product; empty if it cannot be told, or is none of these
     */
    public static Optional<Database> databaseOf(DataSource dataSource) {
        return url(dataSource).flatMap(DataSourceUrls::database).or(() -> ofDriver(dataSource));
    }

    /** A pool may have the class of a driver's data source instead of a URL. */
    private static Optional<Database> ofDriver(DataSource dataSource) {
        return property(dataSource, "getDataSourceClassName") instanceof String name
                        && name.startsWith("org.postgresql.")
                ? Optional.of(Database.POSTGRESQL)
                : Optional.empty();
    }

    private static Optional<Database> database(String url) {
        for (String wrapper : WRAPPERS) {
            if (url.startsWith(wrapper)) {
                return Database.ofUrl("jdbc:" + url.substring(wrapper.length()));
            }
        }
        return Database.ofUrl(url);
    }

    /** Return the URL that a data source itself is configured with; {@code null} if it does not tell. */
    static @Nullable String ownUrl(DataSource dataSource) {
        for (String getter : GETTERS) {
            if (property(dataSource, getter) instanceof String url) {
                return url;
            }
        }
        return null;
    }

    /** Return the URL that a data source, or what it stands for, is configured with. */
    static Optional<String> url(DataSource dataSource) {
        String own = ownUrl(dataSource);
        if (own != null) {
            return Optional.of(own);
        }
        if (dataSource instanceof DelegatingDataSource proxy && proxy.getTargetDataSource() != null) {
            return url(proxy.getTargetDataSource());
        }
        if (property(dataSource, "getDataSource") instanceof DataSource inner && !inner.equals(dataSource)) {
            return url(inner);
        }
        return Optional.empty();
    }

    /** Return a property of a data source; {@code null} if it has none of this name. */
    static @Nullable Object property(DataSource dataSource, String getter) {
        try {
            return dataSource.getClass().getMethod(getter).invoke(dataSource);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            return null; // not a property of this one
        }
    }
}
