// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import static io.mecha.coordination.autoconfigure.CoordinationMistakes.METHODS;

import io.mecha.autoconfigure.advice.AdvisedMethod;
import io.mecha.autoconfigure.advice.MethodExpression;
import io.mecha.autoconfigure.handler.HandlerMistakes;
import io.mecha.coordination.DistributedLock;
import io.mecha.coordination.DistributedLocks;
import io.mecha.coordination.HeldLock;
import io.mecha.coordination.InvalidCoordinationRequestException;
import io.mecha.coordination.LockOptions;
import io.mecha.coordination.Locked;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** The calls of one method with {@code @Locked}. */
final class LockedCall implements MethodInterceptor {

    private static final Logger logger = LoggerFactory.getLogger(LockedCall.class);
    private static final String UNTOLD =
            "@Locked(interruptOnLoss = true) interrupts it then, and the token keeps late writes out";
    private static final String INTERRUPTED = "it was interrupted, and only the token keeps late writes out";

    private final Method method;
    private final MethodExpression name;
    private final UnaryOperator<LockOptions> options;
    private final boolean skip;
    private final String advice;
    private final LeasedCalls calls;
    private final Supplier<DistributedLocks> locks;
    private volatile @Nullable Made made;

    private LockedCall(
            AdvisedMethod<Locked> locked,
            MethodExpression name,
            UnaryOperator<LockOptions> options,
            Supplier<DistributedLocks> locks) {
        this.method = locked.method();
        this.name = name;
        this.options = options;
        this.skip = locked.annotation().skip();
        this.advice = locked.annotation().interruptOnLoss() ? INTERRUPTED : UNTOLD;
        this.calls = LeasedCalls.of(method, HeldLock.class, skip);
        this.locks = locks;
    }

    /**
     * Reads an annotation.
     *
     * @throws io.mecha.InvalidConfigurationException if something is wrong with it or its method
     */
    static LockedCall of(AdvisedMethod<Locked> locked, Supplier<DistributedLocks> locks, Environment environment) {
        Method method = locked.method();
        Locked annotation = locked.annotation();
        if ((annotation.reentrant() || annotation.interruptOnLoss())
                && CompletionStage.class.isAssignableFrom(method.getReturnType())) {
            throw METHODS.signature(
                    method,
                    "Its result comes later: it can be neither reentrant nor interrupted.",
                    "Leave out reentrant and interruptOnLoss, or return the result itself.");
        }
        MethodExpression name = MethodExpression.template(
                METHODS, method, "value", text(environment, method, "value", annotation.value()));
        UnaryOperator<LockOptions> own = UnaryOperator.identity();
        own = with(own, method, "lease", text(environment, method, "lease", annotation.lease()), LockOptions::lease);
        own = with(
                own,
                method,
                "waitTimeout",
                text(environment, method, "waitTimeout", annotation.waitTimeout()),
                LockOptions::waitTimeout);
        own = with(
                own,
                method,
                "atLeast",
                text(environment, method, "atLeast", annotation.atLeast()),
                LockOptions::atLeast);
        UnaryOperator<LockOptions> all = own;
        return new LockedCall(
                locked,
                name,
                (defaults) -> all.apply(defaults)
                        .reentrant(annotation.reentrant())
                        .interruptOnLoss(annotation.interruptOnLoss()),
                locks);
    }

    private static String text(Environment environment, Method method, String attribute, String text) {
        try {
            return environment.resolveRequiredPlaceholders(text);
        } catch (IllegalArgumentException unresolved) {
            throw METHODS.attribute(
                    method,
                    attribute,
                    "'%s' has a placeholder that cannot be resolved.".formatted(text),
                    "Set its property, or give it a default after a colon.");
        }
    }

    private static UnaryOperator<LockOptions> with(
            UnaryOperator<LockOptions> before,
            Method method,
            String attribute,
            String text,
            BiFunction<LockOptions, Duration, LockOptions> change) {
        if (!StringUtils.hasText(text)) {
            return before;
        }
        Duration duration;
        try {
            duration = DurationStyle.detectAndParse(text);
            LockOptions unused = change.apply(LockOptions.defaults(), duration);
        } catch (InvalidCoordinationRequestException outOfBounds) {
            String unit = text.matches("[0-9]+") ? " %s without a unit is %s ms.".formatted(text, text) : "";
            throw METHODS.attribute(method, attribute, outOfBounds.problem() + unit, outOfBounds.action());
        } catch (IllegalArgumentException | ArithmeticException unreadable) {
            throw METHODS.attribute(
                    method,
                    attribute,
                    "'%s' is not a duration.".formatted(text),
                    "Write a number with a unit, for example 500ms, 30s, 5m, 12h or 7d.");
        }
        return (defaults) -> change.apply(before.apply(defaults), duration);
    }

    Method method() {
        return method;
    }

    /**
     * Makes the lock if it is the same for all calls.
     *
     * @throws io.mecha.MechaException if there are no locks, or none of this name or with these options
     */
    void prepare() {
        Made unused = made();
    }

    private Made made() {
        Made known = made;
        if (known == null) {
            DistributedLocks all = locks.get();
            // The defaults of the application are those of a lock that says nothing.
            LockOptions own = options.apply(all.lock("defaults").options());
            DistributedLock lock = all.lock(name.isConstant() ? name.toString() : "checked", own);
            known = new Made(all, own, name.isConstant() ? lock : null);
            made = known;
        }
        return known;
    }

    private DistributedLock lock(MethodInvocation call) {
        Made known = made();
        if (known.constant() != null) {
            return known.constant();
        }
        String evaluated = name.evaluate(call.getArguments());
        if (evaluated == null) {
            throw InvalidCoordinationRequestException.name("lock", "is null: '%s'".formatted(name));
        }
        return known.locks().lock(evaluated, known.options());
    }

    @Override
    public @Nullable Object invoke(MethodInvocation call) throws Throwable {
        DistributedLock lock = lock(call);
        if (!skip) {
            return call(call, lock.acquire());
        }
        Optional<HeldLock> held = lock.tryAcquire(lock.options().waitTimeout());
        return held.isEmpty() ? calls.skipped() : call(call, held.get());
    }

    private @Nullable Object call(MethodInvocation call, HeldLock held) throws Throwable {
        return calls.call(call, held, () -> end(held));
    }

    private void end(HeldLock held) {
        if (held.isLost()) {
            logger.warn(
                    "Lock '{}' (token {}) was lost before {} ended, so that another node may have done the same at the same"
                            + " time; {}",
                    held.name(),
                    held.token().value(),
                    HandlerMistakes.place(method),
                    advice);
        }
        held.close();
    }

    /** Locks and options, made when they are needed first, and the lock itself if all calls have the same. */
    private record Made(
            DistributedLocks locks,
            LockOptions options,
            @Nullable DistributedLock constant) {}
}
