// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure;

import java.nio.file.Path;
import java.util.Objects;

/**
 * The directory where embedded backends keep their files: {@code mecha.data-directory}.
 *
 * @param path the directory, which need not exist
 * @since 1.0
 */
public record DataDirectory(Path path) {

    public DataDirectory {
        Objects.requireNonNull(path, "path");
    }
}
