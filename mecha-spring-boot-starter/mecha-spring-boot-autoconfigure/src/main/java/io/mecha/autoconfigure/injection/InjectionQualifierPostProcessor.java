// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.injection;

import java.util.Objects;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/**
 * A post-processor that teaches the bean factory the meaning of an annotation.
 *
 * @since 1.0
 */
public final class InjectionQualifierPostProcessor implements BeanFactoryPostProcessor {

    private final InjectionQualifier qualifier;

    /**
     * Teach one annotation.
     *
     * @param qualifier what it means
     */
    public InjectionQualifierPostProcessor(InjectionQualifier qualifier) {
        this.qualifier = Objects.requireNonNull(qualifier, "qualifier");
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        if (beans instanceof DefaultListableBeanFactory factory) {
            factory.setAutowireCandidateResolver(
                    new QualifyingCandidateResolver(factory.getAutowireCandidateResolver(), factory, qualifier));
        }
    }
}
