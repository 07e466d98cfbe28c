// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpTargetsTests {

    private final HttpTargets targets = new HttpTargets();

    @ParameterizedTest
    @CsvSource({
        "http://a.example/one, http://A.example:80/two, true",
        "https://a.example, https://a.example:443/x, true",
        "http://a.example, https://a.example, false",
        "http://a.example, http://a.example:8080, false",
        "http://a.example, http://b.example, false"
    })
    void tellsServersApart(URI one, URI other, boolean same) {
        targets.open(one).extend(Duration.ofHours(1));

        assertThat(targets.open(other).remaining().isZero()).isNotEqualTo(same);
    }

    @Test
    void forgetsAServerThatNobodySendsTo() {
        URI url = URI.create("http://a.example");
        targets.open(url).extend(Duration.ofHours(1));
        targets.open(url);

        targets.close(url);
        assertThat(targets.size()).isEqualTo(1);
        targets.close(url);

        assertThat(targets.size()).isZero();
    }
}
