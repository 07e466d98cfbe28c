// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** What every primitive of Mecha shares: errors, capabilities, secrets and pages. */
@NullMarked
package io.mecha;

import org.jspecify.annotations.NullMarked;
