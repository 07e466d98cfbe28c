// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.autoconfigure;

import org.springframework.context.ApplicationContext;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.support.AbstractTestExecutionListener;

/** A listener that puts the stores back and forgets what was sent before each test method, in contexts of such tests. */
final class TestBackendsListener extends AbstractTestExecutionListener {

    // Before the listeners of Spring that run SQL or begin transactions.
    private static final int ORDER = 1_900;

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public void beforeTestMethod(TestContext testContext) {
        if (testContext.hasApplicationContext()) {
            ApplicationContext context = testContext.getApplicationContext();
            context.getBeanProvider(TestBackends.class).ifAvailable(TestBackends::restore);
            context.getBeanProvider(SentEvents.class).ifAvailable(SentEvents::clear);
        }
    }
}
