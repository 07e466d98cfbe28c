// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.health;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Health properties.
 *
 * @param timeout Longest time that one component may take to give a sign of life.
 */
@ConfigurationProperties("mecha.health")
record HealthProperties(@DefaultValue("2s") Duration timeout) {}
