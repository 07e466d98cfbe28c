// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.endpoint;

import io.mecha.lifecycle.configuration.ConfigurationReloader;
import io.mecha.lifecycle.configuration.Reload;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** The endpoint {@code mechaconfiguration}: what is watched, and what changed when. It knows keys and no values. */
@Endpoint(id = "mechaconfiguration")
final class ConfigurationEndpoint {

    private final ConfigurationReloader reloader;

    ConfigurationEndpoint(ConfigurationReloader reloader) {
        this.reloader = reloader;
    }

    @ReadOperation
    Configuration configuration() {
        return new Configuration(reloader.locations(), reloader.revision(), reloader.rejection(), reloader.history());
    }

    /**
     * The configuration.
     *
     * @param watched what is watched
     * @param revision how often it changed since the start
     * @param rejection why the newest files are not in force; {@code null} if they are
     * @param history the last reloads, the newest first
     */
    record Configuration(
            List<String> watched, long revision, @Nullable String rejection, List<Reload> history) {}
}
