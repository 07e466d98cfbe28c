// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties that all primitives share.
 *
 * @param dataDirectory Directory in which embedded backends keep their files, created when needed.
 */
// A String and not a Path: Spring's editor would first look for the directory on the class path.
@ConfigurationProperties("mecha")
record MechaProperties(@DefaultValue("./mecha-data") String dataDirectory) {}
