// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package consumer;

import io.mecha.MechaException;

final class Consumer {
    private Consumer() {}

    static String code(MechaException exception) {
        return exception.toString();
    }
}
