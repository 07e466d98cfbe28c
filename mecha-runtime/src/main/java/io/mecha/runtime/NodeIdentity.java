// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

import org.jspecify.annotations.Nullable;

/**
 * The identity of one running instance of an application, which every engine in it has in common.
 *
 * @param application what instances that share their work have in common
 * @param named whether somebody gave the application a name; {@value #UNNAMED} otherwise
 * @param node what no other instance has, and this one only until it ends
 */
public record NodeIdentity(String application, boolean named, String node) {

    private static final String UNNAMED = "application";

    /**
     * Make the identity of a new instance.
     *
     * @param application name of the application; {@code null} or blank if it has none
     * @return an identity that was not there before
     */
    public static NodeIdentity of(@Nullable String application) {
        return application == null || application.isBlank()
                ? new NodeIdentity(UNNAMED, false, Ids.random())
                : new NodeIdentity(application, true, Ids.random());
    }
}
