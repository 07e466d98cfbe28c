// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import java.util.Base64;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a group in one partition.
 *
 * <p>Kafka keeps one number for each group and partition, below which everything is done. Messages are handled side by side, so
 * some above it are done as well, and some were tried in vain. Both are kept in the text that Kafka lets a member write beside
 * the number: after a crash or a rebalance what is done is not handed out again, and failed attempts count. A member that
 * does not know the text starts from the number, as ever.
 *
 * @param next offset below which everything is done
 * @param done what else is done; bit n is offset {@code next + n}
 * @param attempts failed attempts by offset, at least {@code next}
 */
record Progress(long next, BitSet done, Map<Long, Integer> attempts) {

    /** How far above {@link #next} something can be done and be remembered: Kafka takes 4,096 characters. */
    static final int SPAN = 20_000;

    private static final String MARK = "mecha1";
    private static final int MOST_ATTEMPTS = 40;
    private static final int PARTS = 3;

    static Progress at(long next) {
        return new Progress(next, new BitSet(), Map.of());
    }

    OffsetAndMetadata encode() {
        if (done.isEmpty() && attempts.isEmpty()) {
            return new OffsetAndMetadata(next);
        }
        StringBuilder text = new StringBuilder(MARK).append(';');
        BitSet kept = done.length() > SPAN ? done.get(0, SPAN) : done;
        text.append(Base64.getEncoder().withoutPadding().encodeToString(kept.toByteArray()))
                .append(';');
        attempts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .limit(MOST_ATTEMPTS)
                .forEach(entry -> text.append(Long.toString(entry.getKey() - next, Character.MAX_RADIX))
                        .append('=')
                        .append(Math.min(entry.getValue(), Short.MAX_VALUE))
                        .append(','));
        return new OffsetAndMetadata(next, text.toString());
    }

    /** Understand what a member of the group wrote, which may be anything. */
    static Progress decode(OffsetAndMetadata committed) {
        String[] parts = committed.metadata().split(";", -1);
        if (parts.length != PARTS || !parts[0].equals(MARK)) {
            return at(committed.offset());
        }
        try {
            BitSet done = BitSet.valueOf(Base64.getDecoder().decode(parts[1]));
            return new Progress(committed.offset(), done, attempts(committed.offset(), parts[2]));
        } catch (IllegalArgumentException e) {
            return at(committed.offset());
        }
    }

    private static Map<Long, Integer> attempts(long next, String text) {
        Map<Long, Integer> attempts = new TreeMap<>();
        for (String entry : text.split(",", -1)) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                attempts.put(
                        next + Long.parseLong(entry.substring(0, equals), Character.MAX_RADIX),
                        Integer.parseInt(entry.substring(equals + 1)));
            }
        }
        return attempts;
    }

    boolean done(long offset) {
        return offset < next || (offset - next < done.length() && done.get((int) (offset - next)));
    }

    /** Count what is not done below {@code end}. */
    long lag(long end) {
        return Math.max(0, end - next - done.cardinality());
    }

    static Progress decode(@Nullable OffsetAndMetadata committed, long otherwise) {
        return committed == null ? at(otherwise) : decode(committed);
    }
}
