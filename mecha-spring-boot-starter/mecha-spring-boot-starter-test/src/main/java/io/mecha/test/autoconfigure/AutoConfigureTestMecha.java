// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.autoconfigure;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.binding.autoconfigure.BindingAutoConfiguration;
import io.mecha.coordination.autoconfigure.CoordinationAutoConfiguration;
import io.mecha.coordination.autoconfigure.idempotency.IdempotencyAutoConfiguration;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Keep every state store and every channel of a test's application in memory, and let the test move the clock.
 *
 * <p>Goes beside {@code @SpringBootTest} or any slice, such as {@code @WebMvcTest}; {@link MechaTest} is the two in one. Every
 * store, configured or not, uses the type {@code memory}; its other settings stay. The bean of type {@code
 * InstantSource} is an {@code io.mecha.test.TestClock}, which a test gets with {@code @Autowired} and moves with {@code
 * advance}: values expire by it.
 *
 * <p>Every channel, configured or not, uses the type {@code memory}, too. Delayed events come, events expire and failed
 * messages are tried again when the test moves the clock. Messages that no handler has taken stay for the next test. {@link
 * SentEvents} has what was sent.
 *
 * <p>Stores and channels of type {@code jdbc} join the transactions of Spring as they do in production: what is written or sent becomes
 * visible with the commit, and never after a rollback. So does a channel with an outbox, in place of the outbox itself: what waits in the
 * application's database is neither sent nor handled by a test. Bookkeeping of the engine, such as an inbox, is written at once.
 *
 * <p>Before each test method every store is as it was when the application had started, whatever other tests wrote; the
 * clock is not turned back. Tests that share a context must not run at the same time.
 *
 * @since 1.0
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration({
    MechaAutoConfiguration.class,
    StateAutoConfiguration.class,
    CoordinationAutoConfiguration.class,
    IdempotencyAutoConfiguration.class,
    BindingAutoConfiguration.class,
    TestComponents.class
})
public @interface AutoConfigureTestMecha {}
