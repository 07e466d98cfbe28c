// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.cluster.PartitionSelectorException;
import io.mecha.MechaException;
import io.mecha.state.StateBackendException;
import io.mecha.state.StateUnavailableException;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of failures for the caller.
 *
 * @param store name of the store, for messages
 */
record Failures(String store) {

    /** The type of this backend, for messages. */
    static final String TYPE = "redis";

    /** What Lettuce says of a command that it did not send because there is no connection. */
    private static final Set<String> REJECTED =
            Set.of("Currently not connected. Commands are rejected.", "Connection is closed");

    /** What Redis says before its own text if it has not executed the command and may do so later. */
    private static final Set<String> PASSING =
            Set.of("LOADING", "BUSY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "NOREPLICAS");

    /** What Redis repeats the arguments of the call after; they may hold values. */
    private static final String ECHO = "args beginning with";

    private static final String CREDENTIALS = "Check spring.data.redis.username and spring.data.redis.password.";
    private static final String PREFIX = "Give the store a key prefix of its own, or remove the key.";
    private static final String OTHER = "See the cause and the log of the server.";
    private static final Map<String, String> ACTIONS = Map.of(
            "NOAUTH",
            CREDENTIALS,
            "WRONGPASS",
            CREDENTIALS,
            "NOPERM",
            "Grant the user the commands and keys that the adapter needs.",
            "MISCONF",
            "Make room on the disk of the server, and see in its log why it cannot save.",
            "OOM",
            "Free memory of the server, or raise its maxmemory.",
            "READONLY",
            "Connect to the master, by Sentinel or Cluster if it moves.",
            "WRONGTYPE",
            PREFIX,
            "FOREIGN",
            PREFIX);

    /** Remove the wrappers that futures put around a failure. */
    static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        boolean wrapper = failure instanceof CompletionException || failure instanceof ExecutionException;
        return wrapper && cause != null ? unwrap(cause) : failure;
    }

    /** Return the first word of what the server said, such as {@code NOSCRIPT}, or nothing if it said nothing. */
    static String word(Throwable failure) {
        String message = failure.getMessage();
        if (!(failure instanceof RedisCommandExecutionException) || message == null) {
            return "";
        }
        String word = message.split("[ :]", 2)[0];
        return word.matches("[A-Z]+") ? word : "ERR";
    }

    /**
     * Tell what it means that a call failed.
     *
     * <p>A channel that is closed while a command is being written has not sent all of it, so the server cannot have
     * executed it; a command that was sent fails differently.
     */
    MechaException ofCall(Throwable failure, boolean write, @Nullable String key) {
        Throwable cause = unwrap(failure);
        if (cause instanceof MechaException known) {
            return known;
        }
        if (cause instanceof RedisCommandExecutionException) {
            return ofServer(cause, key);
        }
        boolean unsent = cause instanceof RedisConnectionException
                || cause instanceof PartitionSelectorException
                || cause instanceof ClosedChannelException
                || REJECTED.contains(String.valueOf(cause.getMessage()));
        return write && !unsent
                ? StateUnavailableException.mayHaveHappened(store, TYPE, cause)
                : StateUnavailableException.nothingHappened(store, TYPE, cause);
    }

    /** Tell what it means that there is no connection. */
    MechaException ofConnection(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RedisCommandExecutionException) {
                return ofServer(cause, null);
            }
        }
        return StateUnavailableException.nothingHappened(store, TYPE, failure == null ? null : unwrap(failure));
    }

    /** Report a key that holds something in another layout. */
    StateBackendException foreign(String key) {
        return refused("FOREIGN", key, null);
    }

    private MechaException ofServer(Throwable cause, @Nullable String key) {
        String word = word(cause);
        if (PASSING.contains(word)) {
            return StateUnavailableException.nothingHappened(store, TYPE, cause);
        }
        return refused(word, key, String.valueOf(cause.getMessage()).contains(ECHO) ? null : cause);
    }

    private StateBackendException refused(String word, @Nullable String key, @Nullable Throwable cause) {
        String where = key == null ? "" : " at key '" + key + "'";
        String reason = "FOREIGN".equals(word) ? "not a value of Mecha" + where : word + where;
        return new StateBackendException(store, TYPE, reason, ACTIONS.getOrDefault(word, OTHER), cause);
    }
}
