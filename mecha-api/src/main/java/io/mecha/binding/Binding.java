// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A binding to a channel: on a method it receives, on an injection point it sends.
 *
 * <p>On a method of a bean: each message of the channel calls the method. Return normally to acknowledge, throw to have it
 * retried. Parameters: the payload, an {@link Event}, a {@link Batch}, and any number of {@link Header} and {@link
 * Attribute} parameters. Returns {@code void}, an {@link Outcome}, a {@code CompletionStage} of either, or, with {@link
 * #sendTo()} or for a request, what is sent on. On a class: its public methods that are annotated with {@code @Binding}
 * share one subscription, and the type of the event selects among them.
 *
 * <p>On a constructor or {@code @Bean} method parameter, or on a field or setter beside {@code @Autowired}: injects a {@link
 * Sender} of the type argument, or a {@link Channel}. The same as {@link Bindings#sender(String, Class)}.
 *
 * <p>Methods are found on the class of the bean; a method that a proxy cannot see (private, static) is refused at start. All
 * attributes may hold placeholders, {@code ${…}}. What is not set here is as configured under {@code
 * mecha.bindings.channels.<name>.in}.
 *
 * @since 1.0
 */
@Documented
@Target({ElementType.METHOD, ElementType.PARAMETER, ElementType.FIELD, ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Binding {

    /**
     * Return the name of the channel, as under {@code mecha.bindings.channels}.
     *
     * @return 1 to 64 letters, digits, dots, underscores or hyphens; a channel that is not configured gets {@code
     *     mecha.bindings.default-type}; empty only on a method inside an annotated class, for the channel of the class
     */
    String value() default "";

    /**
     * Return the group that shares the messages of the channel: each message goes to one member of each group.
     *
     * @return the group; empty for {@code in.group}, or else the name of the application
     */
    String group() default "";

    /**
     * Return the event types to receive; others of the channel are acknowledged unseen unless another handler of the
     * group takes them.
     *
     * @return exact types; none for all types
     */
    String[] type() default {};

    /**
     * Return which events to receive, as a CESQL expression.
     *
     * @return for example {@code tenant IN ('a', 'b') AND EXISTS subject}; empty for {@code in.filter}
     */
    String filter() default "";

    /**
     * Return how many messages are handled at once on this node.
     *
     * @return 1 to 10,000; empty for {@code in.concurrency}, or else 1
     */
    String concurrency() default "";

    /**
     * Return which messages wait for each other.
     *
     * @return at most one; none for {@code in.ordering}, or else {@link Ordering#NONE}
     */
    Ordering[] ordering() default {};

    /**
     * Return how often a message is tried before it goes to the dead letter.
     *
     * @return 1 or more; empty for {@code in.retry.max-attempts}, or else 5
     */
    String maxAttempts() default "";

    /**
     * Return exceptions, with their subclasses, after which trying again is useless.
     *
     * @return none for {@code in.retry.not-retryable}
     */
    Class<? extends Throwable>[] notRetryable() default {};

    /**
     * Return how long the method may take; then its thread is interrupted and the message counts as failed.
     *
     * @return a duration with unit, for example {@code 30s}; empty for {@code in.timeout}, or else without limit
     */
    String timeout() default "";

    /**
     * Return how many messages a {@link Batch} has at most.
     *
     * @return 1 to 10,000; empty for {@code in.batch.size}, or else 100
     */
    String batchSize() default "";

    /**
     * Return the channel that gets what the method returns, before the message is acknowledged.
     *
     * @return name of a channel; empty to send nothing on. {@code null} sends nothing, a collection each element
     */
    String sendTo() default "";
}
