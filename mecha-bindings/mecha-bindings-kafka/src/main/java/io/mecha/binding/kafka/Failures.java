// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.Thrown;
import io.mecha.binding.BindingBackendException;
import io.mecha.binding.SendException;
import java.time.Duration;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** The meaning of the client's failures for the sender. */
final class Failures {

    static final String TYPE = "kafka";

    private Failures() {}

    /**
     * Translate the failure of a send.
     *
     * @param queued whether the producer had taken the record, so that it may have been sent
     */
    static SendException sending(String channel, Duration waited, boolean queued, Throwable failure) {
        // What the broker said of a topic is the cause of the timeout of who waited for another answer.
        Throwable said = !queued && failure instanceof TimeoutException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        String flaw = flaw(said);
        if (flaw != null) {
            return SendException.unacceptable(channel, TYPE, flaw, failure);
        }
        String refusal = refusal(said);
        if (refusal != null) {
            return SendException.refused(channel, TYPE, refusal, failure);
        }
        if (failure instanceof BufferExhaustedException) {
            return SendException.overflow(channel, waited);
        }
        if (denies(failure)) {
            return SendException.denied(channel, TYPE, failure);
        }
        if (!queued) {
            return SendException.unreachable(channel, TYPE, failure);
        }
        if (failure instanceof ApiException
                && !(failure instanceof TimeoutException)
                && !(failure instanceof RetriableException)) {
            return SendException.refused(channel, TYPE, failure.getClass().getSimpleName(), failure);
        }
        return SendException.unconfirmed(channel, TYPE, failure);
    }

    /** Translate the failure of something else than a send. */
    static BindingBackendException other(String channel, String what, RuntimeException failure) {
        return denies(failure)
                ? BindingBackendException.denied(channel, TYPE, what, failure)
                : new BindingBackendException(channel, TYPE, what, failure);
    }

    private static boolean denies(Throwable failure) {
        return Thrown.find(failure, AuthenticationException.class).isPresent();
    }

    /** Tells what is wrong with a record that will not be taken as it is; {@code null} if nothing is. */
    private static @Nullable String flaw(Throwable failure) {
        if (failure instanceof RecordTooLargeException || failure instanceof RecordBatchTooLargeException) {
            return "it is larger than the producer (max.request.size) or the topic (max.message.bytes) allows";
        }
        return failure instanceof InvalidRecordException
                ? "the topic does not take such a record, for example one without a key if it is compacted"
                : null;
    }

    private static @Nullable String refusal(Throwable failure) {
        if (failure instanceof AuthorizationException) {
            return "the application may not write there";
        }
        if (failure instanceof InvalidTopicException) {
            return "the topic's name is invalid";
        }
        if (failure instanceof PolicyViolationException) {
            return "a policy of the broker forbids it";
        }
        return failure instanceof UnknownTopicOrPartitionException ? "there is no such topic" : null;
    }
}
