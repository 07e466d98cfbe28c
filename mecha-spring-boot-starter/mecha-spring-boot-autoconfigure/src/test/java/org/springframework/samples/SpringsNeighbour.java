// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package org.springframework.samples;

import io.mecha.binding.Binding;

/** A bean of an application whose packages begin as those of Spring do. */
public class SpringsNeighbour {

    @Binding("letters")
    public void on(String text) {}
}
