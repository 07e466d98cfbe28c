// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.event.command.CommandListener;
import io.lettuce.core.event.command.CommandStartedEvent;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.mecha.MechaException;
import io.mecha.state.Precondition;
import io.mecha.state.StateBackendException;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.WriteResult;
import io.mecha.state.spi.ChangeNotifications;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.Fence;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult.Granted;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.Transactions;
import io.mecha.state.spi.Value;
import io.mecha.test.Eventually;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisServerIT {

    private RedisProcess server;
    private RedisClient client;
    private RedisStateBackend backend;

    @BeforeEach
    void start() {
        server = RedisProcess.server();
        open(server.uri());
    }

    @AfterEach
    void stop() {
        close();
        server.close();
    }

    private void open(RedisURI uri) {
        client = RedisClient.create(uri);
        client.setOptions(RedisStateBackend.options(client.getOptions()));
        backend = RedisStateBackend.builder(client)
                .store("carts")
                .timeout(Duration.ofSeconds(10))
                .build();
    }

    private void reopen(RedisURI uri) {
        close();
        open(uri);
    }

    private void close() {
        backend.close();
        client.shutdown(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void putsKeysThatRedisCliCanRead() {
        backend.write(put("app||cart ü", "value"));

        assertThat(this.<List<String>>cli(commands -> commands.keys("*"))).containsExactly("app||cart ü");
        assertThat(this.<String>cli(commands -> commands.get("app||cart ü"))).endsWith("value");
    }

    @Test
    void sendsScriptsAgainWhenTheServerForgotThem() {
        String version = written(put("key", "a", Precondition.ABSENT));
        version = written(put("key", "b", Precondition.version(version)));

        cli(RedisCommands::scriptFlush);

        version = written(put("key", "c", Precondition.version(version)));
        cli(RedisCommands::scriptFlush);
        Transactions transactions =
                backend.capabilities().find(Transactions.class).orElseThrow();
        assertThat(transactions
                        .execute(List.of(put("key", "d", Precondition.version(version))))
                        .committed())
                .isTrue();
        cli(RedisCommands::scriptFlush);
        Mutation.Put expiring = new Mutation.Put("expiring", value("x"), Duration.ofSeconds(9), Precondition.NONE);
        assertThat(backend.writeAll(List.of(expiring, put("expiring", "y")))).allMatch(WriteResult::applied);
        assertThat(entry("expiring").expiresAt()).isNull();
    }

    @Test
    void sendsOneCommandForEachCall() {
        close();
        client = RedisClient.create(server.uri());
        client.setOptions(RedisStateBackend.options(client.getOptions()));
        Queue<String> commands = new ConcurrentLinkedQueue<>();
        client.addListener(new CommandListener() {
            @Override
            public void commandStarted(CommandStartedEvent event) {
                commands.add(event.getCommand().getType().toString());
            }
        });
        backend = RedisStateBackend.builder(client)
                .store("carts")
                .timeout(Duration.ofSeconds(10))
                .build();
        List<Consumer<String>> calls = List.of(
                key -> backend.read(key),
                key -> backend.readAll(List.of(key, key + "-other")),
                key -> backend.write(put(key, "a")),
                key -> backend.write(new Mutation.Put(key, value("b"), Duration.ofHours(1), Precondition.NONE)),
                key -> backend.write(put(key + "-absent", "c", Precondition.ABSENT)),
                key -> backend.write(put(key, "d", Precondition.version("stale"))),
                key -> backend.write(new Mutation.Remove(key, Precondition.version("stale"))),
                key -> backend.write(new Mutation.Remove(key, Precondition.NONE)));
        calls.forEach(call -> call.accept("first")); // connects, and loads the scripts

        for (Consumer<String> call : calls) {
            commands.clear();
            call.accept("key");
            assertThat(commands).as("call " + calls.indexOf(call)).hasSize(1);
        }
    }

    @Test
    void opensOneConnectionForAllCallsAndOneMoreForEachListener() {
        backend.write(put("key", "value"));
        Eventually.eventually(
                RedisProcess.PATIENCE, () -> assertThat(connections()).isEqualTo(1));
        ChangeNotifications notifications =
                backend.capabilities().find(ChangeNotifications.class).orElseThrow();

        notifications.listen("a", listener(new ConcurrentLinkedQueue<>()));
        notifications.listen("b", listener(new ConcurrentLinkedQueue<>()));

        Eventually.eventually(
                RedisProcess.PATIENCE, () -> assertThat(connections()).isEqualTo(3));
    }

    private int connections() {
        long all = this.<String>cli(RedisCommands::clientList).lines().count();
        return (int) all - 1; // the one that asks
    }

    @Test
    void keepsTheExpiryThatTheServerCounts() {
        backend.write(new Mutation.Put("key", value("x"), Duration.ofHours(1), Precondition.NONE));

        long expected = cli(commands -> commands.pexpiretime("key"));

        assertThat(Objects.requireNonNull(entry("key").expiresAt()).toEpochMilli())
                .isEqualTo(expected);
    }

    @Test
    void namesTheKeyThatHoldsAnotherType() {
        cli(commands -> commands.lpush("list", "secret"));

        assertThatThrownBy(() -> backend.read("list"))
                .isInstanceOf(StateBackendException.class)
                .hasMessageContaining("state store 'carts' refused a call: WRONGTYPE at key 'list'")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> backend.write(put("list", "x", Precondition.version("v"))))
                .isInstanceOf(StateBackendException.class)
                .hasMessageContaining("WRONGTYPE");
    }

    @Test
    void namesTheKeyThatHoldsAForeignValue() {
        cli(commands -> commands.set("foreign", "secret"));

        assertThatThrownBy(() -> backend.read("foreign"))
                .isInstanceOf(StateBackendException.class)
                .hasMessageContaining("state store 'carts' refused a call: not a value of Mecha at key 'foreign'")
                .hasMessageNotContaining("secret");
        for (Precondition precondition : List.of(Precondition.ABSENT, Precondition.version("v"))) {
            assertThatThrownBy(() -> backend.write(put("foreign", "x", precondition)))
                    .isInstanceOf(StateBackendException.class)
                    .hasMessageContaining("not a value of Mecha at key 'foreign'");
        }
        assertThat(this.<String>cli(commands -> commands.get("foreign"))).isEqualTo("secret");
    }

    @Test
    void tellsOfExpiryAndOfForeignWrites() {
        ChangeNotifications notifications =
                backend.capabilities().find(ChangeNotifications.class).orElseThrow();
        Queue<String> changed = new ConcurrentLinkedQueue<>();
        notifications.listen("cart-", listener(changed));
        Eventually.eventually(RedisProcess.PATIENCE, () -> {
            backend.write(put("cart-probe", "x"));
            assertThat(changed).contains("cart-probe");
        });

        cli(commands -> commands.set("cart-foreign", "x"));
        backend.write(new Mutation.Put("cart-brief", value("x"), Duration.ofMillis(300), Precondition.NONE));
        Eventually.eventually(RedisProcess.PATIENCE, () -> assertThat(changed).contains("cart-foreign", "cart-brief"));
        changed.clear();

        Eventually.eventually(RedisProcess.PATIENCE, () -> assertThat(changed).contains("cart-brief"));
        cli(RedisCommands::flushall);
        Eventually.eventually(RedisProcess.PATIENCE, () -> assertThat(changed).contains("missed"));
    }

    private static ChangeNotifications.Listener listener(Queue<String> changed) {
        return new ChangeNotifications.Listener() {
            @Override
            public void changed(String key) {
                changed.add(key);
            }

            @Override
            public void missed() {
                changed.add("missed");
            }
        };
    }

    @Test
    void startsWithoutTheServerAndFindsItLater() {
        server.stop();
        reopen(server.uri());

        assertThatThrownBy(() -> backend.write(put("key", "x")))
                .isInstanceOfSatisfying(
                        StateUnavailableException.class,
                        failure -> assertThat(failure.mayHaveHappened()).isFalse());
        server.start();

        Eventually.eventually(
                RedisProcess.PATIENCE,
                () -> assertThat(attempt(() -> backend.write(put("key", "x")).applied()))
                        .isEqualTo(true));
    }

    @Test
    void survivesARestartOfTheServer() {
        backend.write(put("key", "x"));

        server.stop();
        server.start();

        Eventually.eventually(
                RedisProcess.PATIENCE,
                () -> assertThat(attempt(() -> String.valueOf(backend.read("key"))))
                        .isEqualTo("null"));
    }

    @Test
    void givesNoSignOfLifeWhileTheMemoryIsFull() {
        backend.ping();
        cli(commands -> commands.configSet("maxmemory", "1"));

        assertThatThrownBy(backend::ping)
                .isInstanceOf(StateBackendException.class)
                .hasMessageContaining("refused a call: OOM");

        cli(commands -> commands.configSet("maxmemory", "0"));
        backend.ping();
        assertThat(this.<Long>cli(RedisCommands::dbsize)).isZero();
    }

    @Test
    void givesNoSignOfLifeOnAReplica() {
        backend.ping();
        cli(commands -> commands.replicaof("127.0.0.1", 1));

        assertThatThrownBy(backend::ping)
                .isInstanceOf(StateBackendException.class)
                .hasMessageContaining("refused a call: READONLY");

        cli(RedisCommands::replicaofNoOne);
        Eventually.eventually(
                RedisProcess.PATIENCE, () -> assertThatCode(backend::ping).doesNotThrowAnyException());
    }

    @Test
    void givesNoSignOfLifeWhileTheServerCannotSave() {
        backend.ping();
        server.loseDirectory();
        cli(commands -> commands.configSet("save", "3600 1"));
        cli(RedisCommands::bgsave);

        Eventually.eventually(
                RedisProcess.PATIENCE,
                () -> assertThatThrownBy(backend::ping)
                        .isInstanceOf(StateBackendException.class)
                        .hasMessageContaining("refused a call: MISCONF")
                        .hasMessageContaining("disk of the server"));

        cli(commands -> commands.configSet("stop-writes-on-bgsave-error", "no"));
        backend.ping();
    }

    @Test
    void tellsThatThePasswordIsMissingOrWrong() {
        cli(commands -> commands.configSet("requirepass", "right"));

        reopen(server.uri());
        assertThatThrownBy(() -> backend.read("key"))
                .isInstanceOf(StateBackendException.class)
                .hasMessageContaining("refused a call: NOAUTH")
                .hasMessageContaining("spring.data.redis.password");

        reopen(RedisURI.builder(server.uri()).withPassword("wrong").build());
        assertThatThrownBy(() -> backend.read("key"))
                .isInstanceOf(StateBackendException.class)
                .hasMessageContaining("refused a call: WRONGPASS")
                .hasMessageNotContaining("wrong");

        reopen(RedisURI.builder(server.uri()).withPassword("right").build());
        assertThat(backend.read("key")).isNull();
    }

    @Test
    void takesAWriteForWhichReplicasAreMissingForOneToTryAgain() {
        String version = written(put("present", "x"));
        cli(commands -> commands.configSet("min-replicas-to-write", "1"));
        reopen(server.uri());
        Transactions transactions =
                backend.capabilities().find(Transactions.class).orElseThrow();
        List<Runnable> writes = List.of(
                () -> backend.write(put("key", "y")),
                () -> backend.write(put("key", "y", Precondition.ABSENT)),
                () -> backend.write(put("present", "y", Precondition.version(version))),
                () -> backend.write(new Mutation.Remove("present", Precondition.NONE)),
                () -> backend.write(new Mutation.Put("key", value("y"), Duration.ofHours(1), Precondition.NONE)),
                () -> transactions.execute(List.of(put("key", "y"), put("present", "y"))));

        assertThat(backend.read("key")).isNull();
        assertThatThrownBy(backend::ping).isInstanceOf(StateUnavailableException.class);
        for (Runnable write : writes) {
            assertThatThrownBy(write::run)
                    .as("write " + writes.indexOf(write))
                    .isInstanceOfSatisfying(
                            StateUnavailableException.class,
                            failure -> assertThat(failure.mayHaveHappened()).isFalse());
        }
        assertThat(backend.read("key")).isNull();
        assertThat(entry("present").version()).isEqualTo(version);

        cli(commands -> commands.configSet("min-replicas-to-write", "0"));
        assertThat(backend.write(put("key", "y")).applied()).isTrue();
    }

    @Test
    void needsOnlyTheDocumentedPermissions() {
        aclUser("on", ">secret", "~app||*");
        aclUser(
                "+get",
                "+mget",
                "+set",
                "+del",
                "+exists",
                "+getrange",
                "+time",
                "+eval",
                "+evalsha",
                "+scan",
                "+ping",
                "+client|tracking");
        reopen(RedisURI.builder(server.uri())
                .withAuthentication("shop", "secret")
                .build());

        backend.ping();
        String version = written(put("app||key", "x"));
        assertThat(backend.write(put("app||key", "y", Precondition.version(version)))
                        .applied())
                .isTrue();
        assertThat(entry("app||key").version()).isNotEqualTo(version);
        assertThatThrownBy(() -> backend.read("other||key"))
                .isInstanceOf(StateBackendException.class)
                .hasMessageContaining("NOPERM at key 'other||key'");
    }

    @Test
    void leavesNothingOfATransactionThatThePermissionsForbid() {
        aclUser("on", ">secret", "~*", "+@all", "-del");
        reopen(RedisURI.builder(server.uri())
                .withAuthentication("shop", "secret")
                .build());
        Transactions transactions =
                backend.capabilities().find(Transactions.class).orElseThrow();

        assertThatThrownBy(
                        () -> transactions.execute(List.of(put("a", "x"), new Mutation.Remove("b", Precondition.NONE))))
                .isInstanceOf(StateBackendException.class)
                .hasMessageContaining("NOPERM");

        assertThat(backend.read("a")).isNull();
    }

    @Test
    void needsOnlyTheDocumentedPermissionsForLeases() {
        aclUser("on", ">secret", "~*", "+client|tracking");
        aclUser(
                "+get",
                "+set",
                "+del",
                "+getrange",
                "+time",
                "+eval",
                "+evalsha",
                "+hget",
                "+hmget",
                "+hset",
                "+pexpire");
        reopen(RedisURI.builder(server.uri())
                .withAuthentication("shop", "secret")
                .build());
        Leases leases = backend.capabilities().find(Leases.class).orElseThrow();
        Transactions transactions =
                backend.capabilities().find(Transactions.class).orElseThrow();

        Granted granted = (Granted) leases.acquire("name", "owner", Duration.ofMinutes(1));

        Lease lease = new Lease("name", "owner", granted.token());
        assertThat(leases.renew(Map.of(lease, Duration.ofMinutes(2)))).containsExactly(lease);
        assertThat(transactions
                        .execute(List.of(new Fence("name", granted.token()), put("key", "x")))
                        .committed())
                .isTrue();
        assertThat(leases.release(lease)).isTrue();
    }

    @Test
    void leavesNothingOfALeaseThatThePermissionsForbid() {
        aclUser("on", ">secret", "~*", "+@all", "-pexpire");
        Leases allowed = backend.capabilities().find(Leases.class).orElseThrow();
        Granted granted = (Granted) allowed.acquire("held", "owner", Duration.ofMinutes(1));
        Lease lease = new Lease("held", "owner", granted.token());
        reopen(RedisURI.builder(server.uri())
                .withAuthentication("shop", "secret")
                .build());
        Leases leases = backend.capabilities().find(Leases.class).orElseThrow();

        assertThatThrownBy(() -> leases.acquire("name", "owner", Duration.ofMinutes(1)))
                .isInstanceOf(StateBackendException.class)
                .hasMessageContaining("NOPERM");
        assertThatThrownBy(() -> leases.renew(Map.of(lease, Duration.ofMinutes(1))))
                .isInstanceOf(StateBackendException.class);
        assertThatThrownBy(() -> leases.release(lease)).isInstanceOf(StateBackendException.class);

        aclUser("+pexpire");
        assertThat(leases.acquire("name", "other", Duration.ofMinutes(1))).isInstanceOf(Granted.class);
        assertThat(leases.renew(Map.of(lease, Duration.ofMinutes(1)))).containsExactly(lease);
    }

    private void aclUser(String... rules) {
        cli(commands -> {
            CommandArgs<String, String> arguments =
                    new CommandArgs<>(StringCodec.UTF8).add("SETUSER").add("shop");
            List.of(rules).forEach(arguments::add);
            return commands.dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), arguments);
        });
    }

    @Test
    void refusesAClientThatRepeatsCommands() {
        RedisClient other = RedisClient.create(server.uri());

        assertThatThrownBy(() -> RedisStateBackend.builder(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("RedisStateBackend.options");

        other.shutdown(0, 1, TimeUnit.SECONDS);
    }

    private <T> T cli(Function<RedisCommands<String, String>, T> action) {
        return server.cli(action);
    }

    private Entry entry(String key) {
        return Objects.requireNonNull(backend.read(key));
    }

    private String written(Mutation mutation) {
        return ((WriteResult.Written) backend.write(mutation)).version();
    }

    private static Object attempt(Supplier<Object> call) {
        try {
            return call.get();
        } catch (MechaException e) {
            return e;
        }
    }

    private static Mutation.Put put(String key, String text) {
        return put(key, text, Precondition.NONE);
    }

    private static Mutation.Put put(String key, String text, Precondition precondition) {
        return new Mutation.Put(key, value(text), null, precondition);
    }

    private static Value value(String text) {
        return Value.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
