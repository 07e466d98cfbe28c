// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

/**
 * The calling thread, lent for one task: a caller that hands something over offers its own thread for the work that this leads to,
 * and at most one task takes the offer, before the hand-over returns.
 *
 * <pre>{@code
 * boolean before = LentThread.lend();
 * try {
 *     receiver.receive(deliveries);
 * } finally {
 *     LentThread.end(before);
 * }
 * }</pre>
 */
public final class LentThread {

    private static final int LENT = 0;
    private static final int KEPT = 1;

    /** Of a type of the JDK, so that a thread that outlives an application does not keep its classes. */
    private static final ThreadLocal<boolean[]> STATE = ThreadLocal.withInitial(() -> new boolean[2]);

    private LentThread() {}

    /**
     * Lend the calling thread until {@link #end}, unless it is kept.
     *
     * @return whether it was lent before, for {@link #end}
     */
    public static boolean lend() {
        boolean[] state = STATE.get();
        boolean before = state[LENT];
        state[LENT] = !state[KEPT];
        return before;
    }

    /**
     * End a loan, also if nobody has taken it.
     *
     * @param before what {@link #lend} returned
     */
    public static void end(boolean before) {
        STATE.get()[LENT] = before;
    }

    /**
     * Take the calling thread, to do one task on it now.
     *
     * @return whether it was lent; what the task hands over in turn does not find it lent
     */
    public static boolean take() {
        boolean[] state = STATE.get();
        boolean taken = state[LENT];
        state[LENT] = false;
        return taken;
    }

    /**
     * Keep the calling thread from being lent until {@link #release}, because its caller may not wait for the work.
     *
     * @return whether it was kept before, for {@link #release}
     */
    public static boolean keep() {
        boolean[] state = STATE.get();
        boolean before = state[KEPT];
        state[KEPT] = true;
        return before;
    }

    /**
     * Let the calling thread be lent again.
     *
     * @param before what {@link #keep} returned
     */
    public static void release(boolean before) {
        STATE.get()[KEPT] = before;
    }
}
