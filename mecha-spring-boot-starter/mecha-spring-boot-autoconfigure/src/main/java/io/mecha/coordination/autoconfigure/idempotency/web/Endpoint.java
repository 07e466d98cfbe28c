// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency.web;

import java.lang.reflect.Method;
import java.time.Duration;

/**
 * An operation whose requests may have a key.
 *
 * @param method what handles it
 * @param owner class of the bean that handles it
 * @param pattern pattern of its path
 * @param required whether a key is needed
 * @param stream whether its responses cannot be kept
 * @param transactional whether it runs in a transaction of its own
 * @param timeToLive how long its responses are kept
 */
record Endpoint(
        Method method,
        Class<?> owner,
        Object handler,
        String pattern,
        boolean required,
        boolean stream,
        boolean transactional,
        Duration timeToLive) {}
