// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.spi.Backend;
import io.mecha.test.Applicability;
import io.mecha.test.Eventually;
import io.mecha.test.Outage;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * A group of tests of a contract, with the means that all groups share.
 *
 * @param <B> backends of the primitive
 * @param <C> the contract
 * @since 1.0
 */
public abstract class ContractGroup<B extends Backend, C extends BackendContract<B>> {

    private final C contract;

    /**
     * Create a group.
     *
     * @param contract the contract that the adapter extends
     */
    protected ContractGroup(C contract) {
        this.contract = contract;
    }

    /**
     * Return the contract that this group belongs to.
     *
     * @return the contract
     */
    protected final C contract() {
        return contract;
    }

    /**
     * Return the backend of the current test.
     *
     * @return the backend, which was opened before the test
     */
    protected final B backend() {
        return contract.current();
    }

    /**
     * Close a backend after the test.
     *
     * @param backend one more backend that the test opened
     * @return the backend
     */
    protected final B keep(B backend) {
        return contract.keep(backend);
    }

    /**
     * Return what the backend must offer.
     *
     * @return the interfaces that must have a handle
     */
    protected final Set<Class<?>> expectedCapabilities() {
        return contract.expectedCapabilities();
    }

    /**
     * Tell whether the backend must offer a capability.
     *
     * @param type interface of the capability
     * @return whether it is expected
     */
    protected final boolean offers(Class<?> type) {
        return expectedCapabilities().contains(type);
    }

    /**
     * Return a capability of the backend of the test; skips the test if it is not expected.
     *
     * @param <H> type of the handle
     * @param type interface of the capability
     * @return the handle
     */
    protected final <H> H capability(Class<H> type) {
        return capability(backend(), type);
    }

    /**
     * Return a capability of another backend; skips the test if it is not expected.
     *
     * @param <H> type of the handle
     * @param backend a backend of the same adapter
     * @param type interface of the capability
     * @return the handle
     */
    protected final <H> H capability(B backend, Class<H> type) {
        Applicability.require(offers(type), "backend offers no " + type.getSimpleName());
        return backend.capabilities().find(type).orElseThrow();
    }

    /**
     * Return how to break the way to the server; skips the test if there is no server.
     *
     * @return acts on the backends of the current test; restored after it
     */
    protected final Outage outage() {
        Optional<Outage> outage = contract.outage();
        Applicability.require(outage.isPresent(), "there is no server whose faults could be simulated");
        return outage.orElseThrow();
    }

    /** Bring the server back, if there is one. */
    protected final void restoreServer() {
        contract.outage().ifPresent(Outage::restore);
    }

    /**
     * Let time pass for the backend.
     *
     * @param duration at least how long
     */
    protected final void advance(Duration duration) {
        contract.advance(duration);
    }

    /**
     * Set the clock of this machine for the backend; skips the test if the backend asks none, or it cannot be set.
     *
     * @param difference how far; negative to set it back
     */
    protected final void setClock(Duration difference) {
        Applicability.require(contract.setClock(difference), "backend asks no clock that could be set");
    }

    /**
     * Return how long to wait for what happens soon.
     *
     * @return a deadline that is generous on a busy machine
     */
    protected final Duration patience() {
        return contract.patience();
    }

    /**
     * Assert that a call ends in the time in which it may fail while the server is out of reach.
     *
     * @param call runs on this thread
     */
    protected final void assertInTime(Runnable call) {
        long start = System.nanoTime();
        call.run();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("time to fail")
                .isLessThan(contract.timeToFail());
    }

    /**
     * Wait until assertions hold.
     *
     * @param assertions called again while it throws an {@link AssertionError}, at most for {@link #patience()}
     */
    protected final void eventually(Runnable assertions) {
        Eventually.eventually(patience(), assertions);
    }

    /**
     * Watch that assertions still hold after a while in which nothing should happen.
     *
     * @param assertions called once, after that time
     */
    protected final void stays(Runnable assertions) {
        letQuietPass();
        assertions.run();
    }

    /** Wait for as long as the contract watches that something does not happen. */
    protected final void letQuietPass() {
        Eventually.letPass(contract.quiet());
    }
}
