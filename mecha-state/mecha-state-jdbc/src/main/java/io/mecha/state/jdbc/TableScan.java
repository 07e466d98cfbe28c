// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.Page;
import io.mecha.PageRequest;
import io.mecha.state.jdbc.connection.Calls;
import io.mecha.state.jdbc.sql.Prepared;
import io.mecha.state.jdbc.sql.Session;
import io.mecha.state.jdbc.sql.Sql;
import io.mecha.state.jdbc.sql.Statements;
import io.mecha.state.spi.KeyScan;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;

/** A scan of keys in the order of the primary key; a token is the last key of a page, with a checksum. */
final class TableScan implements KeyScan {

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final Calls calls;

    TableScan(Calls calls) {
        this.calls = calls;
    }

    @Override
    public boolean ordered() {
        return true;
    }

    @Override
    public Page<String> keys(String prefix, PageRequest page) {
        String token = page.token();
        String after = token == null ? null : decode(token, prefix);
        List<String> keys = calls.read("keys", prefix, session -> {
            Statements statements = session.statements();
            return after == null
                    ? scan(session, statements.scanFrom(), ReservedKeys.first(prefix), prefix, page.size())
                    : scan(session, statements.scanAfter(), after, prefix, page.size());
        });
        if (keys.size() <= page.size()) {
            return new Page<>(keys, null);
        }
        List<String> items = keys.subList(0, page.size());
        return new Page<>(items, page.at(encode(items.get(items.size() - 1))));
    }

    /** Read one key more than the page takes, which tells whether another page follows. */
    private static List<String> scan(Session session, Sql sql, String start, String prefix, int size)
            throws SQLException {
        List<String> keys = new ArrayList<>();
        try (Prepared statement = session.prepare(sql).key(start).number(size + 1);
                ResultSet row = statement.query()) {
            while (row.next()) {
                String key = session.dialect().readKey(row, 1);
                if (!key.startsWith(prefix)) {
                    break;
                }
                keys.add(key);
            }
        }
        return keys;
    }

    private static String encode(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        return ENCODER.encodeToString(ByteBuffer.allocate(Integer.BYTES + bytes.length)
                .putInt(checksum(bytes))
                .put(bytes)
                .array());
    }

    private static String decode(String token, String prefix) {
        ByteBuffer buffer = ByteBuffer.wrap(Base64.getUrlDecoder().decode(token));
        if (buffer.remaining() > Integer.BYTES) {
            int checksum = buffer.getInt();
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            String key = new String(bytes, StandardCharsets.UTF_8);
            if (checksum == checksum(bytes) && key.startsWith(prefix)) {
                return key;
            }
        }
        throw new IllegalArgumentException("Not a token of this scan");
    }

    private static int checksum(byte[] bytes) {
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        return (int) checksum.getValue();
    }
}
