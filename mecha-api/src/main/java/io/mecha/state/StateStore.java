// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The state store of a name, injected as a {@link KeyValueStore}.
 *
 * <p>Works on constructor and {@code @Bean} method parameters; on fields and setters beside {@code @Autowired}. The type
 * argument of the injection point is the type of the values. The same as {@link StateStores#store(String, Class)}.
 *
 * @since 1.0
 */
@Documented
@Target({ElementType.PARAMETER, ElementType.FIELD, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface StateStore {

    /**
     * Return the name of the store, as under {@code mecha.state.stores}.
     *
     * @return 1 to 64 letters, digits, dots, underscores or hyphens; a store that is not configured gets {@code
     *     mecha.state.default-type}; placeholders such as <code>${carts.store}</code> are resolved
     */
    String value();

    /**
     * Return the capabilities that the code cannot work without.
     *
     * @return interfaces of {@code io.mecha.state.spi}, for example {@code Transactions.class}; a backend without one of
     *     them stops the start of the application
     */
    Class<?>[] requires() default {};
}
