// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.configuration;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.bind.handler.IgnoreErrorsBindHandler;
import org.springframework.boot.context.properties.bind.handler.IgnoreTopLevelConverterNotFoundBindHandler;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.bind.validation.ValidationBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.ClassUtils;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.Validated;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

/** The binding of an object with {@code @ConfigurationProperties} to any environment, as Spring Boot does it at start. */
final class PropertiesBinding {

    private static final String USER_VALIDATOR = "configurationPropertiesValidator";

    private final ConfigurableApplicationContext context;
    private final List<ConversionService> conversions;
    private @Nullable Validator beanValidation;

    PropertiesBinding(ConfigurableApplicationContext context) {
        this.context = context;
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        List<ConversionService> found = new ArrayList<>();
        ConversionService own = beans.getConversionService();
        if (own != null) {
            found.add(own);
        }
        ApplicationConversionService common = new ApplicationConversionService();
        ApplicationConversionService.addBeans(common, beans, ConfigurationPropertiesBinding.VALUE);
        found.add(common);
        this.conversions = List.copyOf(found);
    }

    /**
     * Makes a new object.
     *
     * @throws RuntimeException if a value does not fit, or is not valid
     */
    <T> T bind(Bindable<T> target, ConfigurationProperties annotation, ConfigurableEnvironment environment) {
        Binder binder = new Binder(
                ConfigurationPropertySources.get(environment),
                new PropertySourcesPlaceholdersResolver(environment),
                conversions,
                registry -> context.getBeanFactory().copyRegisteredEditorsTo(registry),
                null,
                null);
        return binder.bindOrCreate(annotation.prefix(), target, handler(target, annotation));
    }

    private BindHandler handler(Bindable<?> target, ConfigurationProperties annotation) {
        BindHandler handler = new NestedPropertiesHandler();
        if (annotation.ignoreInvalidFields()) {
            handler = new IgnoreErrorsBindHandler(handler);
        }
        if (!annotation.ignoreUnknownFields()) {
            handler = new NoUnboundElementsBindHandler(handler, new UnboundElementsSourceFilter());
        }
        List<Validator> validators = validators(target);
        if (!validators.isEmpty()) {
            handler = new ValidationBindHandler(handler, validators.toArray(new Validator[0]));
        }
        for (ConfigurationPropertiesBindHandlerAdvisor advisor : advisors()) {
            handler = advisor.apply(handler);
        }
        return handler;
    }

    private List<ConfigurationPropertiesBindHandlerAdvisor> advisors() {
        return context.getBeanProvider(ConfigurationPropertiesBindHandlerAdvisor.class)
                .orderedStream()
                .toList();
    }

    private List<Validator> validators(Bindable<?> target) {
        List<Validator> validators = new ArrayList<>();
        Class<?> type = target.getType().toClass();
        if (context.containsBean(USER_VALIDATOR)) {
            validators.add(context.getBean(USER_VALIDATOR, Validator.class));
        }
        if (AnnotatedElementUtils.hasAnnotation(type, Validated.class) && hasBeanValidation()) {
            validators.add(beanValidation());
        }
        if (Validator.class.isAssignableFrom(type)) {
            validators.add(new SelfValidation(type));
        }
        return validators;
    }

    private boolean hasBeanValidation() {
        return ClassUtils.isPresent(
                "jakarta.validation.bootstrap.GenericBootstrap", context.getClassLoader()); // allow ClassName: optional
    }

    private synchronized Validator beanValidation() {
        if (beanValidation == null) {
            LocalValidatorFactoryBean made = new LocalValidatorFactoryBean();
            made.setApplicationContext(context);
            made.afterPropertiesSet();
            beanValidation = made;
        }
        return beanValidation;
    }

    /** Takes no text for a whole object with {@code @ConfigurationProperties} within another. */
    private static final class NestedPropertiesHandler extends IgnoreTopLevelConverterNotFoundBindHandler {

        @Override
        public <T> Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext bound) {
            Class<?> type = target.getType().resolve();
            return type != null && AnnotatedElementUtils.hasAnnotation(type, ConfigurationProperties.class)
                    ? target.withBindRestrictions(Bindable.BindRestriction.NO_DIRECT_PROPERTY)
                    : target;
        }
    }

    /** The validation of an object by itself. */
    private record SelfValidation(Class<?> type) implements Validator {

        @Override
        public boolean supports(Class<?> candidate) {
            return type.isAssignableFrom(candidate);
        }

        @Override
        public void validate(Object target, Errors errors) {
            ((Validator) target).validate(target, errors);
        }
    }
}
