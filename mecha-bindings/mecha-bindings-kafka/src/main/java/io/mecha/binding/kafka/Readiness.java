// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.PropertyNames;
import java.time.Duration;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The knowledge whether the broker has transactions ready for one group; guarded by the lock of its commits. */
final class Readiness {

    private static final Logger LOGGER = LoggerFactory.getLogger(Readiness.class);

    /** How long to do without before looking again. */
    private static final Duration AGAIN = Duration.ofMinutes(5);

    private final KafkaBackend backend;
    private final String group;
    private boolean reported;
    private boolean never;
    private boolean absent;
    private long lookAgain;

    Readiness(KafkaBackend backend, String group) {
        this.backend = backend;
        this.group = group;
    }

    /** Tell whether not to ask the broker now. */
    boolean absent() {
        return never || (absent && System.nanoTime() - lookAgain < 0);
    }

    /**
     * Learn that transactions could not be begun.
     *
     * @throws io.mecha.binding.SendException if that says nothing about transactions, because the broker is out of reach
     */
    void failed(KafkaException failure) {
        never = refused(failure) || refused(failure.getCause());
        if (!never) {
            checkReachable(failure);
        }
        absent = true;
        lookAgain = System.nanoTime() + AGAIN.toNanos();
        if (!reported) {
            reported = true;
            LOGGER.warn(
                    "Group '{}' of channel '{}' sends results without transactions, so that a crash before the acknowledgement repeats"
                            + " them, because the broker does not allow them ({}). Let the application use transactional ids that begin"
                            + " with '{}-', see that the topic __transaction_state has its replicas, or set 'transactions' below {} to"
                            + " never.",
                    group,
                    backend.channel(),
                    failure.getMessage(),
                    backend.application(),
                    PropertyNames.channel(backend.channel(), "kafka"));
        }
    }

    private static boolean refused(@Nullable Throwable failure) {
        return failure instanceof AuthorizationException
                || failure instanceof UnsupportedVersionException
                || failure instanceof InvalidTxnTimeoutException;
    }

    private void checkReachable(KafkaException failure) {
        try {
            KafkaCluster.await(backend.cluster().admin().describeCluster().clusterId(), backend.closeTimeout());
        } catch (TimeoutException e) {
            throw Failures.sending(backend.channel(), KafkaCluster.PATIENCE, false, failure);
        }
    }
}
