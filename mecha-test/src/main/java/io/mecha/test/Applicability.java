// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A condition without which a test says nothing, so that it is skipped.
 *
 * <p>A report tells these from tests that did not run for another reason, such as an absent server, by their {@link #PREFIX}.
 *
 * @since 1.0
 */
public final class Applicability {

    /** With what the reason of every such skip begins. */
    public static final String PREFIX = "not applicable: ";

    private Applicability() {}

    /**
     * Go on if a condition holds, and skip the rest of the test otherwise.
     *
     * @param condition what the test needs
     * @param reason why the test says nothing without it
     */
    public static void require(boolean condition, String reason) {
        assumeTrue(condition, () -> PREFIX + reason);
    }
}
