// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.autoconfigure.injection.InjectionPoints;
import io.mecha.binding.Binding;
import io.mecha.binding.Bindings;
import io.mecha.binding.Channel;
import io.mecha.binding.Sender;
import java.util.Objects;
import java.util.function.Function;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.PropertyResolver;

/** The resolver of senders and channels for injection points; when one fails, it reports the mistakes of all others too. */
final class BindingInjection {

    private final ConfigurableListableBeanFactory beans;
    private final Bindings bindings;
    private final PropertyResolver placeholders;

    BindingInjection(ConfigurableListableBeanFactory beans, Bindings bindings, PropertyResolver placeholders) {
        this.beans = beans;
        this.bindings = bindings;
        this.placeholders = placeholders;
    }

    Sender<?> sender(InjectionPoint point) {
        return resolve(point, (wanted) -> bindings.sender(wanted.channel(), Objects.requireNonNull(wanted.payload())));
    }

    Channel channel(InjectionPoint point) {
        return resolve(point, (wanted) -> bindings.channel(wanted.channel()));
    }

    private <R> R resolve(InjectionPoint point, Function<BindingInjectionPoint, R> resolver) {
        return InjectionPoints.resolve(
                beans,
                Binding.class,
                () -> resolver.apply(BindingInjectionPoint.of(point, placeholders)),
                this::tryOut);
    }

    private void tryOut(InjectionPoint point) {
        BindingInjectionPoint wanted = BindingInjectionPoint.of(point, placeholders);
        if (wanted.payload() == null) {
            bindings.channel(wanted.channel());
        } else {
            bindings.sender(wanted.channel(), wanted.payload());
        }
    }
}
