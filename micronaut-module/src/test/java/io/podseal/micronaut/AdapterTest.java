// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut;

import io.podseal.framework.AdapterContract;

final class AdapterTest extends AdapterContract {
    AdapterTest() {
        super(new Micronaut());
    }
}
