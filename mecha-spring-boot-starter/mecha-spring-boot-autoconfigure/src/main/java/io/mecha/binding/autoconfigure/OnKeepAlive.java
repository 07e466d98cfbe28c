// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** The condition that receiving is to keep the JVM alive: as Mecha's own property says, else as Spring Boot's, else yes. */
final class OnKeepAlive extends SpringBootCondition {

    private static final String OWN = "mecha.bindings.keep-alive";
    private static final String OF_SPRING = "spring.main.keep-alive";

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Environment environment = context.getEnvironment();
        String property = environment.containsProperty(OWN) ? OWN : OF_SPRING;
        ConditionMessage.Builder message = ConditionMessage.forCondition("Keep alive");
        return environment.getProperty(property, Boolean.class, true)
                ? ConditionOutcome.match(message.because(property + " does not forbid it"))
                : ConditionOutcome.noMatch(message.because(property + " is false"));
    }
}
