// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.state.jdbc.JdbcStateBackendFactory.DataSources;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;

/** Find data sources among the beans: the one that is named, the primary one, or the only one. */
final class DataSourceBeans implements DataSources {

    private final ListableBeanFactory beans;

    DataSourceBeans(ListableBeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public DataSource find(String store, @Nullable String name) {
        List<String> names = List.of(beans.getBeanNamesForType(DataSource.class, true, false));
        if (name != null) {
            if (names.contains(name)) {
                return beans.getBean(name, DataSource.class);
            }
            throw mistake(
                    "MECHA-S113",
                    "mecha.state.stores.%s.jdbc.data-source".formatted(store),
                    "There is no DataSource bean '%s'; there are: %s.".formatted(name, names),
                    "Set the property to one of these, or define the bean.");
        }
        if (names.isEmpty()) {
            throw mistake(
                    "MECHA-S112",
                    "mecha.state.stores.%s.type".formatted(store),
                    "State store '%s' is of type jdbc, but there is no DataSource bean.".formatted(store),
                    "Add spring-boot-starter-jdbc and the driver, and set spring.datasource.url; or use another type.");
        }
        DataSource only = beans.getBeanProvider(DataSource.class).getIfUnique();
        if (only == null) {
            throw mistake(
                    "MECHA-S113",
                    "mecha.state.stores.%s.jdbc.data-source".formatted(store),
                    "There are several DataSource beans and none is primary: %s.".formatted(names),
                    "Set the property to one of these, or mark one with @Primary.");
        }
        return only;
    }

    private static InvalidConfigurationException mistake(String code, String property, String problem, String action) {
        return new InvalidConfigurationException(List.of(new Mistake(code, property, problem, action)));
    }
}
