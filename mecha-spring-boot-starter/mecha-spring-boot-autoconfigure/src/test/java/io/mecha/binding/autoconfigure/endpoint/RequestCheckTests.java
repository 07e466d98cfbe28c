// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Outcome;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.autoconfigure.FakeBindings;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.convert.ConversionServiceParameterValueMapper;
import org.springframework.boot.actuate.endpoint.invoke.reflect.OperationMethod;
import org.springframework.boot.actuate.endpoint.invoke.reflect.ReflectiveOperationInvoker;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

class RequestCheckTests {

    private final FakeBindings bindings = new FakeBindings();
    private final OperationInvoker change = change();

    private OperationInvoker change() {
        bindings.subscribe(SubscriptionSpec.of("orders", String.class).build(), (event) -> Outcome.ack());
        OperationMethod method = method();
        return new RequestCheck(EndpointId.of("mechabindings"))
                .apply(
                        EndpointId.of("mechabindings"),
                        OperationType.WRITE,
                        method.getParameters(),
                        new ReflectiveOperationInvoker(
                                new BindingsEndpoint(bindings), method, new ConversionServiceParameterValueMapper()));
    }

    private WebEndpointResponse<?> redrive(String member, Object value) {
        Map<String, Object> arguments = new HashMap<>(Map.of("channel", "orders", "operation", "redrive"));
        arguments.put(member, value);
        return (WebEndpointResponse<?>) change.invoke(new InvocationContext(SecurityContext.NONE, arguments));
    }

    @ParameterizedTest
    @CsvSource({
        "limt, 3, 'Nothing reads limt; known here: group, limit, timeout, unsigned.'",
        "limit, x, 'The limit cannot be ''x'': give a whole number.'",
        "limit, 0, 'The limit is at least 1.'",
        "unsigned, perhaps, 'The unsigned cannot be ''perhaps'': give true or false.'",
        "timeout, soon, 'The timeout cannot be ''soon'': give a duration with a unit, for example 30s.'",
    })
    void saysInTheBodyWhatIsWrong(String member, String value, String error) {
        WebEndpointResponse<?> response = redrive(member, value);

        assertThat(response.getStatus()).isEqualTo(400);
        assertThat(response.getBody()).isEqualTo(Map.of("error", error));
        assertThat(bindings.redriven()).isEmpty();
    }

    @Test
    void passesOnWhatIsKnown() {
        assertThat(redrive("limit", "7").getStatus()).isEqualTo(200);
        assertThat(bindings.redriven()).endsWith(" 7");
    }

    @Test
    void leavesOtherEndpointsAlone() {
        OperationInvoker invoker = (context) -> "same";

        assertThat(new RequestCheck(EndpointId.of("mechabindings"))
                        .apply(EndpointId.of("loggers"), OperationType.WRITE, method().getParameters(), invoker))
                .isSameAs(invoker);
    }

    private static OperationMethod method() {
        return new OperationMethod(
                Arrays.stream(BindingsEndpoint.class.getDeclaredMethods())
                        .filter((candidate) -> candidate.getName().equals("change"))
                        .findFirst()
                        .orElseThrow(),
                OperationType.WRITE);
    }
}
