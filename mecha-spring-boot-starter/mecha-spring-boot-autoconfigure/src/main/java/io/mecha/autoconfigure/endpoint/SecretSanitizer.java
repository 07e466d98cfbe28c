// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.endpoint;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

/**
 * A rule that shows no secret below {@code mecha}, however its name is written: in a file, or in the environment.
 *
 * <p>Of a URL with a user and a password the rest is shown.
 */
final class SecretSanitizer implements SanitizingFunction {

    private static final Pattern SEPARATORS = Pattern.compile("[^a-z0-9]");
    private static final Pattern SECRET = Pattern.compile(
            "mecha.*(encryption(key|previouskeys)|signing(previous)?keys?|authorization|password|secret|token|credential"
                    + "|httpheaders|kafkaproperties.*(jaas|key)).*");
    private static final Pattern USER_INFO = Pattern.compile("://[^/?#\\s]*@");
    private static final String URL_WITHOUT_USER_INFO = "://" + SanitizableData.SANITIZED_VALUE + "@";

    @Override
    public SanitizableData apply(SanitizableData data) {
        String key = SEPARATORS.matcher(data.getLowerCaseKey()).replaceAll("");
        if (SECRET.matcher(key).matches()) {
            return data.withSanitizedValue();
        }
        return key.startsWith("mecha") ? withoutUserInfo(data) : data;
    }

    private static SanitizableData withoutUserInfo(SanitizableData data) {
        Matcher urls = USER_INFO.matcher(String.valueOf(data.getValue()));
        return urls.find() ? data.withValue(urls.replaceAll(URL_WITHOUT_USER_INFO)) : data;
    }
}
