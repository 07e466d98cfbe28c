// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import io.mecha.autoconfigure.handler.BeanClasses;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ReflectionUtils;

/** A warning of annotations that do nothing, since what heeds them is switched off. */
final class UnheededAnnotations implements SmartInitializingSingleton {

    private static final Logger logger = LoggerFactory.getLogger(UnheededAnnotations.class);

    private final ConfigurableListableBeanFactory beans;
    private final String reason;
    private final List<Unheeded> annotations;

    /**
     * An annotation.
     *
     * @param type the annotation
     * @param effect what becomes of those that have it
     */
    record Unheeded(Class<? extends Annotation> type, String effect) {}

    UnheededAnnotations(ConfigurableListableBeanFactory beans, String reason, List<Unheeded> annotations) {
        this.beans = beans;
        this.reason = reason;
        this.annotations = annotations;
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<String> told = new ArrayList<>();
        for (Unheeded annotation : annotations) {
            List<String> found = beansWith(annotation.type());
            if (!found.isEmpty()) {
                told.add("@%s %s (%s)"
                        .formatted(annotation.type().getSimpleName(), annotation.effect(), String.join(", ", found)));
            }
        }
        if (!told.isEmpty()) {
            logger.warn("{}, so that {}", reason, String.join("; ", told));
        }
    }

    private List<String> beansWith(Class<? extends Annotation> annotation) {
        BeanClasses classes = new BeanClasses(beans, false);
        List<String> found = new ArrayList<>();
        for (String name : classes.names()) {
            Class<?> type = classes.type(name);
            if (type != null
                    && (beans.findAnnotationOnBean(name, annotation, false) != null || isOnMethod(type, annotation))) {
                found.add(name);
            }
        }
        return found;
    }

    private static boolean isOnMethod(Class<?> type, Class<? extends Annotation> annotation) {
        return AnnotationUtils.isCandidateClass(type, annotation)
                && !MethodIntrospector.selectMethods(type, (ReflectionUtils.MethodFilter)
                                (method) -> AnnotatedElementUtils.hasAnnotation(method, annotation))
                        .isEmpty();
    }
}
