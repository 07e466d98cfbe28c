// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure.endpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameter;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;
import org.springframework.boot.actuate.endpoint.invoke.ParameterMappingException;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * A check of requests that change something: what nothing reads is refused, since a misspelt limit would be no limit. The answer says
 * what is wrong in its body, where Spring Boot would leave the message out.
 */
final class RequestCheck implements OperationInvokerAdvisor {

    private final EndpointId endpoint;

    RequestCheck(EndpointId endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public OperationInvoker apply(
            EndpointId id, OperationType type, OperationParameters parameters, OperationInvoker invoker) {
        if (type != OperationType.WRITE || !endpoint.equals(id)) {
            return invoker;
        }
        Set<String> known =
                parameters.stream().map(OperationParameter::getName).collect(Collectors.toCollection(TreeSet::new));
        return (context) -> answer(known, context, invoker);
    }

    private static @Nullable Object answer(Set<String> known, InvocationContext context, OperationInvoker invoker) {
        List<String> unknown = new ArrayList<>(context.getArguments().keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            Set<String> members = new TreeSet<>(known);
            members.removeAll(Set.of("channel", "operation"));
            return refused("Nothing reads %s; known here: %s."
                    .formatted(String.join(", ", unknown), String.join(", ", members)));
        }
        try {
            return invoker.invoke(context);
        } catch (ParameterMappingException unreadable) {
            return refused("The %s cannot be '%s': give %s."
                    .formatted(
                            unreadable.getParameter().getName(),
                            unreadable.getValue(),
                            example(unreadable.getParameter().getType())));
        } catch (InvalidEndpointRequestException invalid) {
            return refused(invalid.getReason());
        }
    }

    private static String example(Class<?> type) {
        if (type == Integer.class) {
            return "a whole number";
        }
        return type == Boolean.class ? "true or false" : "a duration with a unit, for example 30s";
    }

    private static WebEndpointResponse<Map<String, Object>> refused(@Nullable String reason) {
        return new WebEndpointResponse<>(
                Map.of("error", String.valueOf(reason)), WebEndpointResponse.STATUS_BAD_REQUEST);
    }
}
