// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

class ProgressTests {

    private static final int MOST_TEXT = 4_096;

    @Test
    void writesNoTextForAWatermarkAlone() {
        OffsetAndMetadata encoded = Progress.at(42).encode();

        assertThat(encoded.offset()).isEqualTo(42);
        assertThat(encoded.metadata()).isEmpty();
        assertThat(Progress.decode(encoded)).isEqualTo(Progress.at(42));
    }

    @Test
    void readsWhatItWrites() {
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            BitSet done = new BitSet();
            random.ints(50, 1, 1 + random.nextInt(Progress.SPAN - 1)).forEach(done::set);
            long next = random.nextLong(1L << 50);
            Progress progress = new Progress(next, done, Map.of(next, 3, next + random.nextInt(1, 9_999), 200));

            OffsetAndMetadata encoded = progress.encode();

            assertThat(Progress.decode(encoded)).isEqualTo(progress);
            assertThat(encoded.metadata()).hasSizeLessThan(MOST_TEXT);
        }
    }

    @Test
    void keepsToWhatABrokerTakesWhateverThereIsToSay() {
        BitSet done = new BitSet();
        done.set(1, 10 * Progress.SPAN);
        Map<Long, Integer> attempts = new java.util.HashMap<>();
        for (long offset = 0; offset < 5_000; offset++) {
            attempts.put(offset, Integer.MAX_VALUE);
        }

        OffsetAndMetadata encoded = new Progress(0, done, attempts).encode();

        assertThat(encoded.metadata()).hasSizeLessThan(MOST_TEXT);
        assertThat(Progress.decode(encoded).done(Progress.SPAN - 1)).isTrue();
    }

    @Test
    void startsFromTheWatermarkWhenTheTextIsNotOurs() {
        for (String text : new String[] {"", "somebody's", "mecha1", "mecha1;%%;", "mecha1;AQ;x=y,", "mecha2;AQ;"}) {
            assertThat(Progress.decode(new OffsetAndMetadata(7, text))).isEqualTo(Progress.at(7));
        }
    }

    @Test
    void countsWhatIsNotDone() {
        BitSet done = new BitSet();
        done.set(2);
        done.set(4);

        assertThat(new Progress(10, done, Map.of()).lag(20)).isEqualTo(8);
        assertThat(Progress.at(10).lag(10)).isZero();
        assertThat(Progress.at(10).lag(5)).isZero();
    }
}
