// SPDX-License-Identifier: Apache-2.0

/** Podseal's core: the words, the keysets, and the store that opens sealed values inside the application's process. */
module io.podseal.core {
    requires java.net.http;
    requires static org.conscrypt;
    requires static transitive org.jspecify;
    requires transitive com.google.crypto.tink;

    // Tink is an automatic module and cannot say what it needs itself.
    requires com.google.gson;
    requires java.logging;
    requires jdk.unsupported;

    exports io.podseal;
    exports io.podseal.keyset;
    exports io.podseal.store;
}
