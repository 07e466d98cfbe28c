// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event of the application: this node leads, begins to step down, or has stepped down.
 *
 * @param name what there is one leader of
 * @param state what is the case now: {@code LEADING}, {@code STEPPING_DOWN}, or {@code STANDING} for one that has stepped down
 * @param token the token of the leadership
 * @param reason why it ends; {@code null} unless it begins to step down
 * @since 1.0
 */
public record LeadershipChange(
        String name,
        Candidacy.State state,
        FencingToken token,
        @Nullable StepDownReason reason) {

    public LeadershipChange {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(token, "token");
    }
}
