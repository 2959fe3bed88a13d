// SPDX-License-Identifier: Apache-2.0
module podseal.io/trivial

go 1.26.0
