// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.configuration;

import io.mecha.MechaException;
import io.mecha.Thrown;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.config.ConfigDataException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/** The words for why a configuration is rejected, without any value. */
final class Rejection {

    private static final Pattern POSITION =
            Pattern.compile("^ in '[^'\\n]*', line (\\d{1,9}), column (\\d{1,9}):$", Pattern.MULTILINE);

    private Rejection() {}

    /** Tells whether values do not fit, as they will not when they are read again. */
    static boolean isOfValues(Throwable failure) {
        return failure instanceof MechaException
                || Thrown.find(failure, BindException.class).isPresent();
    }

    /**
     * Tells why.
     *
     * @param changed the files that changed, of which one is to blame where the failure names none
     */
    static String of(Throwable failure, List<String> changed) {
        Optional<BindValidationException> invalid = Thrown.find(failure, BindValidationException.class);
        if (invalid.isPresent()) {
            return invalid.get().getValidationErrors().getAllErrors().stream()
                    .map(Rejection::of)
                    .collect(Collectors.joining("; "));
        }
        Optional<BindException> unfit = Thrown.find(failure, BindException.class);
        if (unfit.isPresent()) {
            return "%s cannot be bound to %s"
                    .formatted(unfit.get().getName(), unfit.get().getTarget().getType());
        }
        Optional<ConfigDataException> data = Thrown.find(failure, ConfigDataException.class);
        if (data.isPresent()) {
            return Thrown.message(data.get());
        }
        if (failure instanceof MechaException own) {
            return Thrown.message(own);
        }
        List<Throwable> chain = Thrown.chain(failure);
        Throwable root = chain.get(chain.size() - 1);
        return "%s cannot be read (%s%s)"
                .formatted(file(changed), root.getClass().getSimpleName(), position(root.getMessage()));
    }

    private static String file(List<String> changed) {
        return switch (changed.size()) {
            case 0 -> "a file";
            case 1 -> changed.get(0);
            default -> "one of the changed files " + String.join(", ", changed);
        };
    }

    /** Returns where a parser stopped, without the text that it shows of that place. */
    private static String position(@Nullable String message) {
        String position = "";
        Matcher matcher = POSITION.matcher(message == null ? "" : message);
        while (matcher.find()) {
            position = ", line %s, column %s".formatted(matcher.group(1), matcher.group(2));
        }
        return position;
    }

    private static String of(ObjectError error) {
        return error instanceof FieldError field
                ? "%s.%s %s".formatted(field.getObjectName(), field.getField(), field.getDefaultMessage())
                : "%s %s".formatted(error.getObjectName(), error.getDefaultMessage());
    }
}
