// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A bean that works on one node at a time: a {@link LeaderListener} that is elected when the application has started, and steps down
 * before it ends.
 *
 * <pre>{@code
 * @Component
 * @ClusterSingleton("feed")
 * class Feed implements LeaderListener {
 *
 *     @Override
 *     public void onElected(Leadership leadership) { … }
 *
 *     @Override
 *     public void onStepDown(Leadership leadership, StepDownReason reason) { … }
 * }
 * }</pre>
 *
 * @since 1.0
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface ClusterSingleton {

    /**
     * Return what there is one leader of; methods and beans of the same name work on the same node.
     *
     * @return a name; may have placeholders
     */
    String value();
}
