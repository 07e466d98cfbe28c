// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;

class PropertiesBindingTests {

    private final GenericApplicationContext context = new GenericApplicationContext();

    @BeforeEach
    void open() {
        context.registerBean(
                ConfigurationPropertiesBindHandlerAdvisor.class, () -> PropertiesBindingTests::withoutSpaces);
        context.refresh();
    }

    @AfterEach
    void close() {
        context.close();
    }

    @Test
    void validatesPropertiesByThemselves() {
        assertThat(bind(Range.class, Map.of("range.from", "1", "range.to", "2")))
                .isEqualTo(new Range(1, 2));
        assertThatThrownBy(() -> bind(Range.class, Map.of("range.from", "3", "range.to", "2")))
                .isInstanceOf(BindException.class)
                .hasRootCauseInstanceOf(BindValidationException.class);

        assertThat(bind(Window.class, Map.of("window.size", "1")).getSize()).isEqualTo(1);
        assertThatThrownBy(() -> bind(Window.class, Map.of("window.size", "0")))
                .hasRootCauseInstanceOf(BindValidationException.class);
    }

    @Test
    void asksWhatAdvisesTheBinding() {
        assertThat(bind(Label.class, Map.of("label.text", " a "))).isEqualTo(new Label("a"));
    }

    private <T> T bind(Class<T> type, Map<String, Object> properties) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
        ConfigurationProperties annotation =
                Objects.requireNonNull(AnnotatedElementUtils.getMergedAnnotation(type, ConfigurationProperties.class));
        return new PropertiesBinding(context).bind(Bindable.of(type), annotation, environment);
    }

    private static BindHandler withoutSpaces(BindHandler handler) {
        return new AbstractBindHandler(handler) {

            @Override
            public @Nullable Object onSuccess(
                    ConfigurationPropertyName name, Bindable<?> target, BindContext bound, Object result) {
                return super.onSuccess(name, target, bound, result instanceof String text ? text.strip() : result);
            }
        };
    }

    @ConfigurationProperties("range")
    record Range(int from, int to) implements Validator {

        @Override
        public boolean supports(Class<?> type) {
            return type == Range.class;
        }

        @Override
        public void validate(Object target, Errors errors) {
            if (from > to) {
                errors.rejectValue("from", "range", "begins after its end");
            }
        }
    }

    /** Properties with setters. */
    @ConfigurationProperties("window")
    static class Window implements Validator {

        private int size;

        public int getSize() {
            return size;
        }

        public void setSize(int size) {
            this.size = size;
        }

        @Override
        public boolean supports(Class<?> type) {
            return type == Window.class;
        }

        @Override
        public void validate(Object target, Errors errors) {
            if (((Window) target).size < 1) {
                errors.rejectValue("size", "window", "is too small");
            }
        }
    }

    @ConfigurationProperties("label")
    record Label(String text) {}
}
