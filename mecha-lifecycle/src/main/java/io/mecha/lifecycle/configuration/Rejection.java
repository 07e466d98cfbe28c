// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.configuration;

import io.mecha.MechaException;
import io.mecha.Thrown;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.boot.context.config.ConfigDataException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/** The words for why a configuration is rejected, without any value. */
final class Rejection {

    private Rejection() {}

    /** Tells whether values do not fit, as they will not when they are read again. */
    static boolean isOfValues(Throwable failure) {
        return failure instanceof MechaException
                || Thrown.find(failure, BindException.class).isPresent();
    }

    static String of(Throwable failure) {
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
        // Parsers show the text where they stopped.
        List<Throwable> chain = Thrown.chain(failure);
        return "a file cannot be read (%s)"
                .formatted(chain.get(chain.size() - 1).getClass().getSimpleName());
    }

    private static String of(ObjectError error) {
        return error instanceof FieldError field
                ? "%s.%s %s".formatted(field.getObjectName(), field.getField(), field.getDefaultMessage())
                : "%s %s".formatted(error.getObjectName(), error.getDefaultMessage());
    }
}
