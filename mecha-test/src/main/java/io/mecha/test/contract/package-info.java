// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/**
 * What the contracts of all primitives share: backends that are opened and closed, outages, clocks, patience, and the report.
 *
 * <p>An adapter extends the contract of its primitive; a new contract extends {@link io.mecha.test.contract.BackendContract}.
 */
@NullMarked
package io.mecha.test.contract;

import org.jspecify.annotations.NullMarked;
