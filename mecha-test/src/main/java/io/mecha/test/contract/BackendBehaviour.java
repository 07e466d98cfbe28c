// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.MechaException;
import io.mecha.spi.Backend;
import org.junit.jupiter.api.Test;

abstract class BackendBehaviour<B extends Backend> extends ContractGroup<B, BackendContract<B>> {

    BackendBehaviour(BackendContract<B> contract) {
        super(contract);
    }

    @Test
    void offersExactlyTheExpectedCapabilities() {
        assertThat(backend().capabilities().types()).containsExactlyInAnyOrderElementsOf(expectedCapabilities());
    }

    @Test
    void offersTheSameHandlesAtEveryCall() {
        B backend = backend();

        for (Class<?> type : expectedCapabilities()) {
            assertThat(backend.capabilities().find(type))
                    .isPresent()
                    .isEqualTo(backend.capabilities().find(type));
        }
    }

    @Test
    void answersAPing() {
        assertThatCode(() -> backend().ping()).doesNotThrowAnyException();
    }

    @Test
    void closesAgainWithoutHarm() {
        backend().close();

        assertThatCode(() -> backend().close()).doesNotThrowAnyException();
    }

    @Test
    void failsPingsAfterClose() {
        backend().close();

        assertThatThrownBy(() -> backend().ping()).isInstanceOf(MechaException.class);
    }

    @Test
    void offersTheSameAfterClose() {
        backend().close();

        assertThat(backend().capabilities().types()).containsExactlyInAnyOrderElementsOf(expectedCapabilities());
    }

    @Test
    void offersTheSameWhileTheServerIsGone() {
        outage().cut();

        assertThat(backend().capabilities().types()).containsExactlyInAnyOrderElementsOf(expectedCapabilities());
    }
}
