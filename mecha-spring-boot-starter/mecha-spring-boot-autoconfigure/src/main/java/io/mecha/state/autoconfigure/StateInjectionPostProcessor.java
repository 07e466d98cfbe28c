// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/** Teaches the bean factory what {@code @StateStore} means. */
final class StateInjectionPostProcessor implements BeanFactoryPostProcessor {

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        if (beans instanceof DefaultListableBeanFactory factory) {
            factory.setAutowireCandidateResolver(
                    new StateCandidateResolver(factory.getAutowireCandidateResolver(), factory));
        }
    }
}
