// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.autoconfigure;

import org.springframework.test.context.TestContext;
import org.springframework.test.context.support.AbstractTestExecutionListener;

/** Puts the stores back before each test method, in contexts that have test stores. */
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
            testContext
                    .getApplicationContext()
                    .getBeanProvider(TestBackends.class)
                    .ifAvailable(TestBackends::restore);
        }
    }
}
