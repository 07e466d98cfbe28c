// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.injection;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.Thrown;
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
 * A resolver for which an annotation is a qualifier: an injection point that has it gets the bean that reads it and no other, whatever
 * else the application defines; one that has not never gets that bean.
 */
final class QualifyingCandidateResolver implements AutowireCandidateResolver {

    private final AutowireCandidateResolver delegate;
    private final ConfigurableListableBeanFactory beans;
    private final InjectionQualifier qualifier;

    QualifyingCandidateResolver(
            AutowireCandidateResolver delegate, ConfigurableListableBeanFactory beans, InjectionQualifier qualifier) {
        this.delegate = delegate;
        this.beans = beans;
        this.qualifier = qualifier;
    }

    @Override
    public boolean isAutowireCandidate(BeanDefinitionHolder holder, DependencyDescriptor descriptor) {
        boolean ours = qualifier.beans().contains(holder.getBeanName());
        if (isOurs(descriptor)) {
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
        return isOurs(descriptor) || delegate.hasQualifier(descriptor);
    }

    @Override
    public @Nullable String getSuggestedName(DependencyDescriptor descriptor) {
        return delegate.getSuggestedName(descriptor);
    }

    /** Asked first, and thus the place to refuse what could only fail later with less to say. */
    @Override
    public @Nullable Object getSuggestedValue(DependencyDescriptor descriptor) {
        if (isOurs(descriptor)) {
            check(descriptor);
            return null;
        }
        return delegate.getSuggestedValue(descriptor);
    }

    private boolean isOurs(DependencyDescriptor descriptor) {
        return InjectionPlace.annotation(descriptor, qualifier.annotation()).isPresent();
    }

    private void check(DependencyDescriptor descriptor) {
        try {
            qualifier.check(descriptor);
        } catch (InvalidConfigurationException wrong) {
            Set<Mistake> mistakes = new LinkedHashSet<>(mistakesInConfiguration());
            mistakes.addAll(InjectionPoints.mistakes(beans, qualifier.annotation(), qualifier::check));
            throw mistakes.size() > 1 ? new InvalidConfigurationException(mistakes, wrong) : wrong;
        }
    }

    // The components may not have been built yet; if that fails too, both should be read together.
    private List<Mistake> mistakesInConfiguration() {
        try {
            beans.getBeanProvider(qualifier.components()).ifAvailable((components) -> {});
        } catch (BeansException failure) {
            return Thrown.find(failure, InvalidConfigurationException.class)
                    .map(InvalidConfigurationException::mistakes)
                    .orElse(List.of());
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
        return new QualifyingCandidateResolver(delegate.cloneIfNecessary(), beans, qualifier);
    }
}
