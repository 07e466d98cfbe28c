// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.core.annotation.Order;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.stereotype.Service;

/** The machinery of handlers with an annotation that no primitive has. */
class HandlerScannerTests {

    private static final HandlerMistakes CODES = new HandlerMistakes("MECHA-X110", "MECHA-X106", "MECHA-X113");

    private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
    private final MistakeCollector mistakes = new MistakeCollector();

    @Retention(RetentionPolicy.RUNTIME)
    @interface Ask {

        String timeout() default "";
    }

    interface Oracle {

        @Ask(timeout = "2s")
        String answer(String question, Object context);
    }

    static class Delphi implements Oracle {

        @Override
        public String answer(String question, Object context) {
            return question + " " + context;
        }
    }

    static class Closed {

        @Ask
        static String answer() {
            return "none";
        }
    }

    @Ask
    static class Silent {}

    @Service
    static class Plain implements Comparable<Plain> {

        @Override
        @Order(1)
        public int compareTo(Plain other) {
            return 0;
        }
    }

    interface Sibyl extends Oracle {}

    static class Heir implements Sibyl {

        @Override
        public String answer(String question, Object because) {
            return question + " " + because;
        }
    }

    @Test
    void callsAMethodOfAnInterfaceBehindAProxy() throws Exception {
        beans.registerSingleton("oracle", new ProxyFactory(new Delphi()).getProxy());
        AnnotatedBean bean = onlyBean();

        Method declared = onlyMethod(bean);
        HandlerInvoker invoker = BeanMethod.of(CODES, beans, bean, declared)
                .invoker(List.of((message, context) -> message, (message, context) -> context));

        assertThat(bean.type()).isEqualTo(Delphi.class);
        assertThat(invoker.call("why?", "because")).isEqualTo("why? because");
    }

    @Test
    void readsNoClassThatHasNoAnnotationButSpringsAndJavas() {
        beans.registerSingleton("plain", new Plain());
        beans.registerSingleton("mapper", new DefaultListableBeanFactory());

        BeanClasses classes = new BeanClasses(beans, true);

        assertThat(classes.type("plain")).isNull();
        assertThat(classes.type("mapper")).isNull();
    }

    @Test
    void findsAMethodOfAnInterfaceThatAnInterfaceExtends() {
        beans.registerSingleton("heir", new Heir());

        AnnotatedBean bean = onlyBean();

        assertThat(bean.type()).isEqualTo(Heir.class);
        assertThat(bean.hasMethods()).isTrue();
    }

    @Test
    void reportsAMethodThatCannotBeCalledWithTheCodeOfItsPrimitive() {
        beans.registerSingleton("closed", new Closed());
        AnnotatedBean bean = onlyBean();

        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> BeanMethod.of(CODES, beans, bean, onlyMethod(bean)))
                .satisfies((refused) ->
                        assertThat(refused.mistakes()).extracting(Mistake::code).containsExactly("MECHA-X110"));
    }

    @Test
    void findsAClassWhoseMethodsAreNotAnnotated() {
        beans.registerSingleton("silent", new Silent());

        AnnotatedBean bean = onlyBean();

        assertThat(bean.hasMethods()).isFalse();
        assertThat(bean.onClass(Ask.class)).isPresent();
    }

    @Test
    void readsAttributesWithPlaceholdersAndCollectsTheirMistakes() throws Exception {
        Method method = Oracle.class.getMethod("answer", String.class, Object.class);
        MockEnvironment environment = new MockEnvironment().withProperty("patience", "3s");
        HandlerAttributes attributes = new HandlerAttributes(CODES, method, environment, mistakes);
        List<Duration> read = new ArrayList<>();

        attributes.duration("timeout", "${patience}", read::add);
        attributes.duration("timeout", "", read::add);
        attributes.duration("timeout", "3", read::add);
        attributes.duration("timeout", "${nerves}", read::add);

        assertThat(read).containsExactly(Duration.ofSeconds(3));
        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(mistakes::throwIfAny)
                .satisfies((refused) -> assertThat(refused.mistakes())
                        .extracting(Mistake::code)
                        .containsExactlyInAnyOrder("MECHA-X106", "MECHA-X113"));
    }

    private AnnotatedBean onlyBean() {
        List<AnnotatedBean> found =
                new HandlerScanner(CODES, List.of(Ask.class)).scan(new BeanClasses(beans, true), mistakes);
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static Method onlyMethod(AnnotatedBean bean) {
        Map<Method, Ask> methods = bean.methods(Ask.class);
        assertThat(methods).hasSize(1);
        return methods.keySet().iterator().next();
    }
}
