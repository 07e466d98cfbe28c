// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DatabaseTests {

    private static Set<Database> undoing(String state, int code) {
        return Arrays.stream(Database.values())
                .filter(database -> database.isTransient(new SQLException("undone", state, code)))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Database.class)));
    }

    @Test
    void knowsWhatWasUndoneInFavourOfOthers() {
        assertThat(undoing("40001", 0)).isEqualTo(EnumSet.complementOf(EnumSet.of(Database.SQLITE)));
        assertThat(undoing("HY000", 1205)).containsExactly(Database.MARIADB, Database.MYSQL);
        assertThat(undoing("HY000", 1020)).containsExactly(Database.MARIADB, Database.MYSQL);
        assertThat(undoing("HY000", 1412)).containsExactly(Database.MARIADB, Database.MYSQL);
        assertThat(undoing("HYT00", 50200)).containsExactly(Database.H2);
        assertThat(undoing(null, 5)).containsExactly(Database.SQLITE);
    }

    @Test
    void doesNotRepeatWhatMayHaveHappened() {
        assertThat(undoing("40003", 0)).isEmpty();
        assertThat(undoing("23505", 0)).isEmpty();
        assertThat(undoing(null, 0)).isEmpty();
    }
}
