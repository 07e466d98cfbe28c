// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import io.mecha.coordination.FencingToken;
import io.mecha.coordination.HeldLease;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.aopalliance.intercept.MethodInvocation;

/** The parameters of a method that get the lease under which it is called, whatever the caller passed. */
final class LeaseParameters {

    private final List<Parameter> parameters;

    private LeaseParameters(List<Parameter> parameters) {
        this.parameters = List.copyOf(parameters);
    }

    /**
     * Finds them.
     *
     * @param method a method with an annotation
     * @param lease type of the lease
     */
    static LeaseParameters of(Method method, Class<? extends HeldLease> lease) {
        List<Parameter> found = new ArrayList<>();
        Class<?>[] types = method.getParameterTypes();
        for (int index = 0; index < types.length; index++) {
            if (types[index] == HeldLease.class || types[index] == lease) {
                found.add(new Parameter(index, (held) -> held));
            } else if (types[index] == FencingToken.class) {
                found.add(new Parameter(index, HeldLease::token));
            }
        }
        return new LeaseParameters(found);
    }

    void fill(MethodInvocation call, HeldLease lease) {
        for (Parameter parameter : parameters) {
            call.getArguments()[parameter.index()] = parameter.value().apply(lease);
        }
    }

    /** One parameter, and its value. */
    private record Parameter(int index, Function<HeldLease, Object> value) {}
}
