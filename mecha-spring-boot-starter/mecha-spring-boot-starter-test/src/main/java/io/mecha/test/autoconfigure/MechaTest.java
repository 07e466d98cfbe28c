// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.UseMainMethod;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.core.annotation.AliasFor;

/**
 * Test a whole application with its components in memory and a clock that stands still.
 *
 * <p>The same as {@link SpringBootTest @SpringBootTest} and {@link AutoConfigureTestMecha @AutoConfigureTestMecha}, which tells
 * what becomes of stores, channels and clock.
 *
 * @since 1.0
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@SpringBootTest
@AutoConfigureTestMecha
public @interface MechaTest {

    /**
     * Return properties to set, as {@code key=value}.
     *
     * @return as of {@link SpringBootTest#properties()}
     */
    @AliasFor(annotation = SpringBootTest.class)
    String[] value() default {};

    /**
     * Return properties to set, as {@code key=value}.
     *
     * @return as of {@link SpringBootTest#properties()}
     */
    @AliasFor(annotation = SpringBootTest.class)
    String[] properties() default {};

    /**
     * Return the application's arguments.
     *
     * @return as of {@link SpringBootTest#args()}
     */
    @AliasFor(annotation = SpringBootTest.class)
    String[] args() default {};

    /**
     * Return the classes to start from.
     *
     * @return as of {@link SpringBootTest#classes()}
     */
    @AliasFor(annotation = SpringBootTest.class)
    Class<?>[] classes() default {};

    /**
     * Return what stands for the web server.
     *
     * @return as of {@link SpringBootTest#webEnvironment()}; a mock is the default
     */
    @AliasFor(annotation = SpringBootTest.class)
    WebEnvironment webEnvironment() default WebEnvironment.MOCK;

    /**
     * Return whether to start through the main method.
     *
     * @return as of {@link SpringBootTest#useMainMethod()}; never is the default
     */
    @AliasFor(annotation = SpringBootTest.class)
    UseMainMethod useMainMethod() default UseMainMethod.NEVER;
}
