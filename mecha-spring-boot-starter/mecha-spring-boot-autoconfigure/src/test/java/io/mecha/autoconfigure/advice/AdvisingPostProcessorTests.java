// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.InvalidConfigurationException;
import io.mecha.autoconfigure.handler.HandlerMistakes;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.function.Consumer;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** Tests for {@link AdvisingPostProcessor}. */
class AdvisingPostProcessorTests {

    private static final HandlerMistakes CODES = new HandlerMistakes("MECHA-X1", "MECHA-X2", "MECHA-X3");

    @Test
    void advisesMethodsWithTheAnnotationOnly() {
        try (AnnotationConfigApplicationContext context = context((beans) -> beans.registerBean(Greeter.class))) {
            Greeter greeter = context.getBean(Greeter.class);

            assertThat(greeter.greet("you")).isEqualTo("[polite: hello you]");
            assertThat(greeter.shout("you")).isEqualTo("HELLO YOU");
        }
    }

    @Test
    void advisesAllPublicMethodsOfAnAnnotatedClass() {
        try (AnnotationConfigApplicationContext context = context((beans) -> beans.registerBean(Polite.class))) {
            assertThat(context.getBean(Polite.class).greet()).isEqualTo("[class: hello]");
            assertThat(context.getBean(Polite.class).shout()).isEqualTo("[method: HELLO]");
            assertThat(context.getBean(Polite.class).whisper()).isEqualTo("hello");
        }
    }

    @Test
    void leavesOtherBeansAsTheyAre() {
        try (AnnotationConfigApplicationContext context = context((beans) -> beans.registerBean(Plain.class))) {
            assertThat(AopUtils.isAopProxy(context.getBean(Plain.class))).isFalse();
        }
    }

    @Test
    void goesAroundTheAdviceOfOtherProxies() {
        MethodInterceptor inner = (call) -> "(" + call.proceed() + ")";
        try (AnnotationConfigApplicationContext context = context((beans) -> beans.registerBean(Greeter.class, () -> {
            ProxyFactory proxy = new ProxyFactory(new Greeter());
            proxy.setProxyTargetClass(true);
            proxy.addAdvice(inner);
            return (Greeter) proxy.getProxy();
        }))) {
            assertThat(context.getBean(Greeter.class).greet("you")).isEqualTo("[polite: (hello you)]");
        }
    }

    @Test
    void findsTheMethodBehindAGenericInterface() {
        try (AnnotationConfigApplicationContext context = context((beans) -> beans.registerBean(TextSink.class))) {
            @SuppressWarnings("unchecked")
            Sink<String> sink = context.getBean(Sink.class);

            assertThat(sink.take("it")).isEqualTo("[sink: it]");
        }
    }

    @Test
    void reportsAllMistakesTogether() {
        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> context((beans) -> {
                            beans.registerBean(Hidden.class);
                            beans.registerBean(Sealed.class);
                        })
                        .close())
                .satisfies((wrong) -> assertThat(wrong.mistakes())
                        .extracting((mistake) -> mistake.problem())
                        .containsExactlyInAnyOrder(
                                "It is private, static or final, so no call of it can be seen.",
                                "It is private, static or final, so no call of it can be seen.",
                                "Its class is final, so no call of it can be seen."));
    }

    @Test
    void reportsMistakesOfABeanThatIsMadeLater() {
        try (AnnotationConfigApplicationContext context = context((beans) -> beans.registerBean(
                Hidden.class, (definition) -> definition.setScope(BeanDefinition.SCOPE_PROTOTYPE)))) {
            assertThatExceptionOfType(RuntimeException.class)
                    .isThrownBy(() -> context.getBean(Hidden.class))
                    .withRootCauseInstanceOf(InvalidConfigurationException.class);
        }
    }

    private static AnnotationConfigApplicationContext context(Consumer<AnnotationConfigApplicationContext> beans) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.registerBean(
                AdvisingPostProcessor.class,
                () -> new AdvisingPostProcessor<>(
                        Advised.class, CODES, AdvisingPostProcessorTests::advice, Integer.MAX_VALUE, true));
        beans.accept(context);
        context.refresh();
        return context;
    }

    private static MethodInterceptor advice(AdvisedMethod<Advised> method) {
        return (call) -> "[" + method.annotation().value() + ": " + call.proceed() + "]";
    }

    /** An annotation with advice. */
    @Retention(RetentionPolicy.RUNTIME)
    @interface Advised {

        String value();
    }

    /** A bean with one method of two. */
    static class Greeter {

        @Advised("polite")
        String greet(String whom) {
            return "hello " + whom;
        }

        String shout(String whom) {
            return "HELLO " + whom.toUpperCase(java.util.Locale.ROOT);
        }
    }

    /** A bean with the annotation on its class. */
    @Advised("class")
    static class Polite {

        public String greet() {
            return "hello";
        }

        @Advised("method")
        public String shout() {
            return "HELLO";
        }

        String whisper() {
            return "hello";
        }
    }

    /** A bean without the annotation. */
    static class Plain {

        public String greet() {
            return "hello";
        }
    }

    /** A generic interface. */
    interface Sink<T> {

        String take(T value);
    }

    /** A bean whose method has a bridge. */
    static class TextSink implements Sink<String> {

        @Override
        @Advised("sink")
        public String take(String value) {
            return value;
        }
    }

    /** A bean whose methods no proxy can see. */
    static class Hidden {

        @Advised("private")
        private String one() {
            return "";
        }

        @Advised("final")
        final String two() {
            return one();
        }
    }

    /** A bean whose class no proxy can extend. */
    static final class Sealed {

        @Advised("final class")
        String one() {
            return "";
        }
    }
}
