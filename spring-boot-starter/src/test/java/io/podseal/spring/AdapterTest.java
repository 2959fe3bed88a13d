// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import io.podseal.framework.AdapterContract;

final class AdapterTest extends AdapterContract {
    AdapterTest() {
        super(new SpringBoot());
    }
}
