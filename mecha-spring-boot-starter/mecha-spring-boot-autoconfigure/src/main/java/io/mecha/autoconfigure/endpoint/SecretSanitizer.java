// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.endpoint;

import java.util.regex.Pattern;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

/** A rule that shows no secret below {@code mecha}, however its name is written: in a file, or in the environment. */
final class SecretSanitizer implements SanitizingFunction {

    private static final Pattern SEPARATORS = Pattern.compile("[^a-z0-9]");
    private static final Pattern SECRET = Pattern.compile(
            "mecha.*(encryption(key|previouskeys)|signing(previous)?keys?|authorization|password|secret|token|credential).*");

    @Override
    public SanitizableData apply(SanitizableData data) {
        String key = SEPARATORS.matcher(data.getLowerCaseKey()).replaceAll("");
        return SECRET.matcher(key).matches() ? data.withSanitizedValue() : data;
    }
}
