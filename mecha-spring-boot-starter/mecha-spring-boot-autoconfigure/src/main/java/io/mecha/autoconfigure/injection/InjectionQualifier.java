// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.injection;

import java.lang.annotation.Annotation;
import java.util.Set;
import org.springframework.beans.factory.InjectionPoint;

/**
 * The meaning of an annotation at an injection point.
 *
 * @since 1.0
 */
public interface InjectionQualifier {

    /**
     * Return the annotation.
     *
     * @return its class
     */
    Class<? extends Annotation> annotation();

    /**
     * Return the beans that read the annotation.
     *
     * @return names of prototype beans, one for each type that can be injected
     */
    Set<String> beans();

    /**
     * Return the bean that builds all components, whose mistakes belong to those of the injection points.
     *
     * @return its type
     */
    Class<?> components();

    /**
     * Check that an annotated injection point is the place for a component.
     *
     * @param point the injection point
     * @throws io.mecha.InvalidConfigurationException if it is not
     */
    void check(InjectionPoint point);
}
