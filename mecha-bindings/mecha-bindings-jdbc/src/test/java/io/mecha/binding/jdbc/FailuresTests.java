// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailuresTests {

    @ParameterizedTest
    @CsvSource({
        "22001, 0, true, true", // does not fit
        "22021, 0, true, true", // a character that the database does not know
        "08S01, 1153, true, true", // larger than max_allowed_packet
        "22001, 0, false, false", // one of several: nobody knows which
        "53100, 0, true, false", // the disk is full
        "42501, 0, true, false", // a right is missing
        "08006, 0, true, false" // the connection was lost
    })
    void tellsWhatWillNeverBeTakenFromWhatMayBeLater(String state, int code, boolean sole, boolean permanent) {
        assertThat(Failures.send("orders", new SQLException("no", state, code), false, sole)
                        .permanent())
                .isEqualTo(permanent);
    }
}
