// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.configuration;

import io.mecha.codec.Codecs;
import io.mecha.runtime.NodeIdentity;
import java.nio.file.Path;
import java.time.InstantSource;
import org.springframework.core.env.Environment;

/**
 * The beans that components of every primitive are built from.
 *
 * @param environment what configures them
 * @param identity the application and this instance of it
 * @param codecs how values become bytes
 * @param dataDirectory where embedded backends keep their files
 * @param clock the clock of backends in this JVM
 */
public record ComponentParts(
        Environment environment, NodeIdentity identity, Codecs codecs, Path dataDirectory, InstantSource clock) {}
