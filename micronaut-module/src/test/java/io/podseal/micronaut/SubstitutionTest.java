// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut;

import io.podseal.framework.SubstitutionContract;

final class SubstitutionTest extends SubstitutionContract {
    SubstitutionTest() {
        super(new Micronaut());
    }
}
