// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method that is run once for each key; later calls with the key get the result of the first.
 *
 * <p>On a method of a bean, {@link #key()} names the call. The result is kept with the codecs of the state store, exceptions are not:
 * a call that threw may be tried again with the same key. Where the method is transactional, or is called in a transaction, and the
 * store is in the same database, the result commits with the transaction; elsewhere the first transaction that commits leaves a mark, and
 * a result that got lost after that is reported by {@link ResultLostException} instead of running the method again. The result may be
 * nothing, an {@code Optional}, or any type that the codecs write and read; one that comes later, such as a {@code CompletionStage} or a
 * stream, is refused at the start.
 *
 * <p>On a handler of web requests without {@link #key()}, the header {@code Idempotency-Key} names the call, as the IETF draft
 * <i>The Idempotency-Key HTTP Header Field</i> says.
 *
 * <p>The proxy of the bean does it: calls through {@code this}, and private, static and final methods, are not seen.
 *
 * @since 1.0
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Idempotent {

    /**
     * Return what names the call.
     *
     * @return an expression of the Spring Expression Language over the parameters by name, such as {@code "#request.id"}; its value is
     *     taken as text of 1 to 255 characters. Calls of different methods have nothing to do with each other. Empty, the default, on a
     *     handler of web requests, where it means the header
     */
    String key() default "";

    /**
     * Return whether a web request needs the header; without a {@link #key()} only.
     *
     * @return {@code true}, the default, to refuse a request without a key; {@code false} to run it each time
     */
    boolean required() default true;

    /**
     * Return how long results are kept.
     *
     * @return a duration with unit, such as {@code "7d"}, or a placeholder; empty, the default, for {@code
     *     mecha.coordination.idempotency.time-to-live}
     */
    String timeToLive() default "";
}
