// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.probe;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Probe properties.
 *
 * @param additionalPaths Whether the main port, too, answers /livez, /readyz and /startupz, which says nothing of a port for management
 *     that still works. Without it, on a cloud platform such as Kubernetes.
 */
@ConfigurationProperties("mecha.lifecycle.probes")
record ProbeProperties(@Nullable Boolean additionalPaths) {}
