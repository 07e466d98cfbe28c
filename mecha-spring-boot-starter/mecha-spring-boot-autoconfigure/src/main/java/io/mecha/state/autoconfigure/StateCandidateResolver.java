// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.state.StateStores;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.BeanDefinitionHolder;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.beans.factory.support.AutowireCandidateResolver;

/**
 * Makes {@code @StateStore} a qualifier: an injection point that has it gets the bean that reads it and no other, whatever
 * stores the application defines; one that has not never gets that bean.
 */
final class StateCandidateResolver implements AutowireCandidateResolver {

    /** Name of the bean that reads the annotation. */
    static final String BEAN = "mechaInjectedStateStore";

    private final AutowireCandidateResolver delegate;
    private final ConfigurableListableBeanFactory beans;

    StateCandidateResolver(AutowireCandidateResolver delegate, ConfigurableListableBeanFactory beans) {
        this.delegate = delegate;
        this.beans = beans;
    }

    @Override
    public boolean isAutowireCandidate(BeanDefinitionHolder holder, DependencyDescriptor descriptor) {
        boolean ours = BEAN.equals(holder.getBeanName());
        if (StateInjectionPoint.annotation(descriptor).isPresent()) {
            return ours;
        }
        return !ours && delegate.isAutowireCandidate(holder, descriptor);
    }

    @Override
    public boolean isRequired(DependencyDescriptor descriptor) {
        return delegate.isRequired(descriptor);
    }

    @Override
    public boolean hasQualifier(DependencyDescriptor descriptor) {
        return StateInjectionPoint.annotation(descriptor).isPresent() || delegate.hasQualifier(descriptor);
    }

    @Override
    public @Nullable String getSuggestedName(DependencyDescriptor descriptor) {
        return delegate.getSuggestedName(descriptor);
    }

    /** Asked first, and thus the place to refuse what could only fail later with less to say. */
    @Override
    public @Nullable Object getSuggestedValue(DependencyDescriptor descriptor) {
        if (StateInjectionPoint.annotation(descriptor).isPresent()) {
            check(descriptor);
            return null;
        }
        return delegate.getSuggestedValue(descriptor);
    }

    private void check(DependencyDescriptor descriptor) {
        try {
            StateInjectionPoint.of(descriptor);
        } catch (InvalidConfigurationException wrong) {
            Set<Mistake> mistakes = new LinkedHashSet<>(mistakesInConfiguration());
            mistakes.addAll(StateInjectionPoints.mistakes(beans, (point) -> {}));
            throw mistakes.size() > 1 ? new InvalidConfigurationException(mistakes, wrong) : wrong;
        }
    }

    // The stores may not have been built yet; if that fails too, both should be read together.
    private List<Mistake> mistakesInConfiguration() {
        try {
            beans.getBeanProvider(StateStores.class).ifAvailable((stores) -> {});
        } catch (BeansException failure) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof InvalidConfigurationException invalid) {
                    return invalid.mistakes();
                }
            }
        }
        return List.of();
    }

    @Override
    public @Nullable Object getLazyResolutionProxyIfNecessary(
            DependencyDescriptor descriptor, @Nullable String beanName) {
        return delegate.getLazyResolutionProxyIfNecessary(descriptor, beanName);
    }

    @Override
    public @Nullable Class<?> getLazyResolutionProxyClass(DependencyDescriptor descriptor, @Nullable String beanName) {
        return delegate.getLazyResolutionProxyClass(descriptor, beanName);
    }

    @Override
    public AutowireCandidateResolver cloneIfNecessary() {
        return new StateCandidateResolver(delegate.cloneIfNecessary(), beans);
    }
}
