// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

/**
 * The work of a leader. What it throws is logged and changes nothing.
 *
 * @since 1.0
 */
public interface LeaderListener {

    /**
     * Begin to lead.
     *
     * <p>Either starts something and returns, or works for as long as it leads and is interrupted when it is to step down.
     *
     * @param leadership with the token to write with
     */
    void onElected(Leadership leadership);

    /**
     * Stop what {@link #onElected} began; while that still runs, on another thread.
     *
     * <p>If the reason is voluntary, nobody else leads before this and {@code onElected} have returned. If it is {@link
     * StepDownReason#UNREACHABLE}, both are interrupted at the deadline, {@link ElectionOptions#margin} from when this is called; if it is
     * {@link StepDownReason#LOST}, as long after the call, though another node may lead already. Whatever goes on after that is reported,
     * and only the token keeps its writes out.
     *
     * @param leadership the leadership that ends
     * @param reason why it ends
     */
    void onStepDown(Leadership leadership, StepDownReason reason);
}
