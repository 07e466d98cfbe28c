// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.SendException;
import java.time.Duration;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

class FailuresTests {

    @Test
    void saysThatNothingWasSentWhenTheProducerDidNotTakeIt() {
        assertFailure(sending(false, new TimeoutException("no metadata")), "MECHA-B301", false);
        assertFailure(sending(false, new BufferExhaustedException("full")), "MECHA-B305", false);
    }

    @Test
    void tellsAWrongPasswordFromABrokerThatIsAway() {
        AuthenticationException wrong = new SaslAuthenticationException("wrong password");

        assertFailure(sending(true, wrong), "MECHA-B319", false);
        assertFailure(sending(false, new KafkaException("failed", wrong)), "MECHA-B319", false);
        assertThat(Failures.other("orders", "counting", new KafkaException("failed", wrong))
                        .code())
                .isEqualTo("MECHA-B319");
        assertThat(Failures.other("orders", "counting", new TimeoutException("slow"))
                        .code())
                .isEqualTo("MECHA-B308");
    }

    @Test
    void saysThatItMayHaveHappenedWhenTheAnswerIsMissing() {
        assertFailure(sending(true, new TimeoutException("expired")), "MECHA-B302", true);
        assertFailure(sending(true, new NetworkException("gone")), "MECHA-B302", true);
        assertFailure(sending(true, new NotEnoughReplicasAfterAppendException("appended")), "MECHA-B302", true);
    }

    @Test
    void saysWhatTheBrokerRefused() {
        assertFailure(sending(true, new RecordTooLargeException("large")), "MECHA-B303", false);
        assertFailure(sending(true, new TopicAuthorizationException("orders")), "MECHA-B303", false);
        assertFailure(sending(true, new InvalidRecordException("no key")), "MECHA-B303", false);
    }

    @Test
    void saysThatThereIsNoTopicWhenTheProducerWaitedForItInVain() {
        SendException failure =
                sending(false, new TimeoutException("waited", new UnknownTopicOrPartitionException("orders")));

        assertFailure(failure, "MECHA-B303", false);
        assertThat(failure).hasMessageContaining("there is no such topic");
    }

    @Test
    void tellsWhatWillNeverBeTakenFromWhatMayBeLater() {
        assertThat(sending(true, new RecordTooLargeException("large")).permanent())
                .isTrue();
        assertThat(sending(true, new InvalidRecordException("no key")).permanent())
                .isTrue();
        assertThat(sending(true, new TopicAuthorizationException("orders")).permanent())
                .isFalse();
        assertThat(sending(true, new TimeoutException("late")).permanent()).isFalse();
    }

    private static SendException sending(boolean queued, Exception failure) {
        return Failures.sending("orders", Duration.ofSeconds(1), queued, failure);
    }

    private static void assertFailure(SendException failure, String code, boolean mayHaveHappened) {
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.mayHaveHappened()).isEqualTo(mayHaveHappened);
    }
}
