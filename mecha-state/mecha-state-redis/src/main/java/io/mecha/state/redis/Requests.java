// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.KeyValue;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.KeyScanOutput;
import io.lettuce.core.output.KeyValueListOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.output.ValueOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.mecha.state.spi.Mutation;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Commands that a connection can send, one by one or many in one flush. */
final class Requests {

    private static final StoredValueCodec CODEC = StoredValueCodec.INSTANCE;

    private Requests() {}

    static AsyncCommand<String, StoredValue, StoredValue> get(String name) {
        return command(CommandType.GET, new ValueOutput<>(CODEC), arguments().addKey(name));
    }

    static AsyncCommand<String, StoredValue, List<KeyValue<String, StoredValue>>> getAll(List<String> names) {
        return command(
                CommandType.MGET,
                new KeyValueListOutput<>(CODEC, names),
                arguments().addKeys(names));
    }

    /** Read as much of a value as holds its version. */
    static AsyncCommand<String, StoredValue, StoredValue> head(String name) {
        CommandArgs<String, StoredValue> arguments =
                arguments().addKey(name).add(0).add(StoredValue.VERSION_HEADER - 1L);
        return command(CommandType.GETRANGE, new ValueOutput<>(CODEC), arguments);
    }

    static AsyncCommand<String, StoredValue, String> set(String name, StoredValue value) {
        return command(
                CommandType.SET,
                new StatusOutput<>(CODEC),
                arguments().addKey(name).addValue(value));
    }

    static AsyncCommand<String, StoredValue, String> setIfAbsent(String name, StoredValue value) {
        CommandArgs<String, StoredValue> arguments =
                arguments().addKey(name).addValue(value).add("NX");
        return command(CommandType.SET, new StatusOutput<>(CODEC), arguments);
    }

    static AsyncCommand<String, StoredValue, Long> remove(String name) {
        return command(CommandType.DEL, new IntegerOutput<>(CODEC), arguments().addKey(name));
    }

    static AsyncCommand<String, StoredValue, Long> exists(String name) {
        return command(
                CommandType.EXISTS, new IntegerOutput<>(CODEC), arguments().addKey(name));
    }

    static AsyncCommand<String, StoredValue, KeyScanCursor<String>> scan(String cursor, String pattern, int count) {
        CommandArgs<String, StoredValue> arguments =
                arguments().add(cursor).add("MATCH").add(pattern).add("COUNT").add(count);
        return command(CommandType.SCAN, new KeyScanOutput<>(CODEC), arguments);
    }

    static AsyncCommand<String, StoredValue, String> ping() {
        return command(CommandType.PING, new StatusOutput<>(CODEC), arguments());
    }

    /** Run a script by its digest, or by its source if the server does not know it yet. */
    static AsyncCommand<String, StoredValue, List<@Nullable Object>> script(
            Script script, boolean known, List<String> names, Consumer<CommandArgs<String, StoredValue>> more) {
        CommandArgs<String, StoredValue> arguments = arguments()
                .add(known ? script.digest() : script.text())
                .add(names.size())
                .addKeys(names);
        more.accept(arguments);
        return command(known ? CommandType.EVALSHA : CommandType.EVAL, new ScriptOutput(), arguments);
    }

    /** Add the arguments that {@link Script#REPLACE} takes. */
    static void addReplacement(CommandArgs<String, StoredValue> arguments, String expected, StoredValue value) {
        byte[] version = StoredValue.versionWithLength(expected);
        arguments.add(version.length + 1L).add(version).addValue(value);
    }

    /** Add the arguments that {@link Script#WRITE} takes for a write. */
    static void addPut(
            CommandArgs<String, StoredValue> arguments, String precondition, Mutation.Put put, String version) {
        arguments.add(precondition).add("put");
        Duration timeToLive = put.timeToLive();
        if (timeToLive == null) {
            arguments.add("").addValue(StoredValue.of(version, put.value())).add("");
        } else {
            arguments
                    .add(timeToLive.toMillis())
                    .add(StoredValue.expiringHeader(version))
                    .add(put.value().bytes());
        }
    }

    /** Add the arguments that {@link Script#TRANSACT} takes for an operation without a value. */
    static void addOther(CommandArgs<String, StoredValue> arguments, String precondition, String kind) {
        arguments.add(precondition).add(kind).add("").add("").add("");
    }

    private static CommandArgs<String, StoredValue> arguments() {
        return new CommandArgs<>(CODEC);
    }

    private static <T> AsyncCommand<String, StoredValue, T> command(
            CommandType type,
            CommandOutput<String, StoredValue, T> output,
            CommandArgs<String, StoredValue> arguments) {
        return new AsyncCommand<>(new Command<>(type, output, arguments));
    }
}
