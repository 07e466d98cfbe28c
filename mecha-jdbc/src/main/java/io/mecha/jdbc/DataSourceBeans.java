// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;

/** The data sources among the beans: the one that is named, the primary one, or the only one. */
public final class DataSourceBeans {

    private final ListableBeanFactory beans;
    private final String absent;
    private final String ambiguous;

    /**
     * Look among beans.
     *
     * @param beans the beans
     * @param absent code of the mistake that there is none
     * @param ambiguous code of the mistake that there are several, or none of the name
     */
    public DataSourceBeans(ListableBeanFactory beans, String absent, String ambiguous) {
        this.beans = beans;
        this.absent = absent;
        this.ambiguous = ambiguous;
    }

    /**
     * Find a data source.
     *
     * @param subject what needs it, at the beginning of a sentence, for example {@code State store 'carts'}
     * @param prefix where it is configured, without the {@code .type}
     * @param name name of the bean; {@code null} for the primary or the only one
     * @return the data source
     * @throws InvalidConfigurationException if there is none, or none of that name, or several
     */
    public DataSource find(String subject, String prefix, @Nullable String name) {
        List<String> names = List.of(beans.getBeanNamesForType(DataSource.class, true, false));
        if (name != null) {
            if (names.contains(name)) {
                return beans.getBean(name, DataSource.class);
            }
            throw mistake(
                    ambiguous,
                    prefix + ".jdbc.data-source",
                    "There is no DataSource bean '%s'; there are: %s.".formatted(name, names),
                    "Set the property to one of these, or define the bean.");
        }
        if (names.isEmpty()) {
            throw mistake(
                    absent,
                    prefix + ".type",
                    "%s is of type jdbc, but there is no DataSource bean.".formatted(subject),
                    "Add spring-boot-starter-jdbc and the driver, and set spring.datasource.url; or use another type.");
        }
        DataSource only = beans.getBeanProvider(DataSource.class).getIfUnique();
        if (only == null) {
            throw mistake(
                    ambiguous,
                    prefix + ".jdbc.data-source",
                    "There are several DataSource beans and none is primary: %s.".formatted(names),
                    "Set the property to one of these, or mark one with @Primary.");
        }
        return only;
    }

    private static InvalidConfigurationException mistake(String code, String property, String problem, String action) {
        return new InvalidConfigurationException(List.of(new Mistake(code, property, problem, action)));
    }
}
