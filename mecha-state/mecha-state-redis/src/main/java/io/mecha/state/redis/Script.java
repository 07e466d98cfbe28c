// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A Lua script and the digest that the server knows it by.
 *
 * @param text the source
 * @param digest SHA-1 of the source, in hexadecimal digits
 */
record Script(String text, String digest) {

    /** Reads a version: {@code false} if the key has no value, a table if it is not ours. */
    private static final String CURRENT = """
            local function current(key)
              local head = redis.call('GETRANGE', key, 0, 42)
              if head == '' then return false end
              if string.byte(head, 1) ~= 245 then
                return redis.error_reply('FOREIGN The key holds something else')
              end
              return string.sub(head, 4, 3 + string.byte(head, 3))
            end
            """;

    /** Stores a value; with a time to live, the expiry goes into the header by the same clock. */
    private static final String PUT = """
            local function put(key, head, ttl, payload)
              if ttl == '' then
                redis.call('SET', key, head)
              else
                local now = redis.call('TIME')
                local at = now[1] * 1000 + math.floor(now[2] / 1000) + ttl
                redis.call('SET', key, head .. string.format('%016.0f', at) .. payload,
                  'PXAT', string.format('%.0f', at))
              end
            end
            """;

    /**
     * Writes nothing, but is refused where a write would be: a script that does not say that it only reads is, before it
     * runs, on a replica, without memory, and when the server cannot save.
     *
     * @implNote Source: https://redis.io/docs/latest/develop/interact/programmability/lua-api/#script_flags
     */
    static final Script WRITABLE = of("#!lua\nreturn {1}");

    /**
     * Replaces a version, without a time to live: the one that must be fast, so it does nothing that can be left out. The
     * version is compared with its length, at its place in the header. Arguments: where that ends, length and version
     * asked for, value. Answers as the one below.
     */
    static final Script REPLACE = of("""
            if redis.call('GETRANGE', KEYS[1], 2, ARGV[1]) == ARGV[2] then
              redis.call('SET', KEYS[1], ARGV[3])
              return 1
            end
            """ + CURRENT + """
            local found = current(KEYS[1])
            if type(found) == 'table' then return found end
            return {found}
            """);

    /**
     * One write. Arguments: precondition (empty, {@code -} for absent, {@code =} and a version), {@code put} or {@code
     * remove}, time to live or nothing, value or header, payload. Answers with a number, or a list with the version found.
     */
    static final Script WRITE = of(CURRENT + PUT + """
            if ARGV[1] ~= '' then
              local found = current(KEYS[1])
              if type(found) == 'table' then return found end
              local expected = ARGV[1] ~= '-' and string.sub(ARGV[1], 2)
              if found ~= expected then return {found} end
            end
            if ARGV[2] == 'remove' then return redis.call('DEL', KEYS[1]) end
            put(KEYS[1], ARGV[4], ARGV[3], ARGV[5])
            return 1
            """);

    /**
     * A transaction: five arguments for each key, as above, or {@code require} for no write, or {@code fence} and instead of
     * the precondition the token that a lease must have. Checks everything, each
     * check seeing the operations before it, then writes. Answers with a number, or a list: which operation does not
     * hold, and the version or token found.
     */
    static final Script TRANSACT = of(CURRENT + PUT + """
            local seen = {}
            local puts, removes
            for i, key in ipairs(KEYS) do
              local a = i * 5 - 4
              if ARGV[a + 1] == 'fence' then
                local newest = redis.call('HGET', key, 'token')
                if newest ~= ARGV[a] then return {i, newest} end
              elseif ARGV[a] ~= '' then
                local found = seen[key]
                if found == nil then
                  found = current(key)
                  if type(found) == 'table' then return found end
                  seen[key] = found
                end
                local expected = ARGV[a] ~= '-' and string.sub(ARGV[a], 2)
                if found ~= expected then return {i, found} end
              end
              if ARGV[a + 1] == 'remove' then
                removes = key
                seen[key] = false
              elseif ARGV[a + 1] == 'put' then
                puts = key
                seen[key] = string.sub(ARGV[a + 3], 4, 3 + string.byte(ARGV[a + 3], 3))
              end
            end
            if (puts and not redis.acl_check_cmd('SET', puts, ''))
                or (removes and not redis.acl_check_cmd('DEL', removes)) then
              return redis.error_reply('NOPERM The user may not write')
            end
            for i, key in ipairs(KEYS) do
              local a = i * 5 - 4
              if ARGV[a + 1] == 'remove' then
                redis.call('DEL', key)
              elseif ARGV[a + 1] == 'put' then
                put(key, ARGV[a + 3], ARGV[a + 2], ARGV[a + 4])
              end
            end
            return 1
            """);

    /**
     * Reads the time, in microseconds, and what is known of a lease. All its numbers are below 2^53, so exact in Lua. Writes
     * a lease and for how many milliseconds to remember it, or nothing if the user may not do both; returns the error then.
     */
    private static final String LEASE = """
            local time = redis.call('TIME')
            local now = time[1] * 1000000 + time[2]
            local function whole(number) return string.format('%.0f', number) end
            local function lease(key)
              local found = redis.call('HMGET', key, 'owner', 'token', 'end')
              return found[1], found[2], tonumber(found[3] or 0)
            end
            local function write(key, remember, ...)
              if not redis.acl_check_cmd('PEXPIRE', key, remember) then
                return redis.error_reply('NOPERM The user may not use PEXPIRE')
              end
              redis.call('HSET', key, ...)
              redis.call('PEXPIRE', key, remember)
            end
            """;

    /**
     * The grant of a lease. Arguments: owner, time to live in microseconds, milliseconds to remember it for. Answers with the
     * token, 0 if it is held, and the microseconds that are left.
     */
    static final Script ACQUIRE = of(LEASE + """
            local owner, token, ending = lease(KEYS[1])
            if ending > now and owner ~= ARGV[1] then return {0, ending - now} end
            if ending <= now then token = whole(math.max((token or 0) + 1, now)) end
            return write(KEYS[1], ARGV[3], 'owner', ARGV[1], 'token', token, 'end', whole(now + ARGV[2]))
              or {tonumber(token), tonumber(ARGV[2])}
            """);

    /** The renewal of leases. Arguments for each: owner, token, time to live, time to remember. Answers with 1 or 0 for each. */
    static final Script RENEW = of(LEASE + """
            local renewed = {}
            for i, key in ipairs(KEYS) do
              local a = i * 4 - 3
              local owner, token, ending = lease(key)
              if ending > now and owner == ARGV[a] and token == ARGV[a + 1] then
                local refused = write(key, ARGV[a + 3], 'end', whole(now + ARGV[a + 2]))
                if refused then return refused end
                renewed[i] = 1
              else
                renewed[i] = 0
              end
            end
            return renewed
            """);

    /** The end of a lease. Arguments: owner, token, milliseconds to remember it for. Answers with 1 or 0. */
    static final Script RELEASE = of(LEASE + """
            local owner, token, ending = lease(KEYS[1])
            if ending <= now or owner ~= ARGV[1] or token ~= ARGV[2] then return {0} end
            return write(KEYS[1], ARGV[3], 'end', '0') or {1}
            """);

    /** One step of a scan on the node that holds a slot. Answers with the node, the cursor and the names. */
    static final Script SCAN = of("""
            local node = redis.call('CLUSTER', 'MYID')
            local cursor = ARGV[1]
            if ARGV[2] ~= node then cursor = '0' end
            local step = redis.call('SCAN', cursor, 'MATCH', ARGV[3], 'COUNT', ARGV[4])
            return {node, step[1], step[2]}
            """);

    private static Script of(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return new Script(text, HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
