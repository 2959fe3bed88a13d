// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

/**
 * One item as a carrier delivers it: a token or a keyset document, still unchecked. Immutable by agreement: the content is
 * not copied and not to be changed.
 */
public final class SourceItem {
    private final String name;
    private final byte[] content;

    /**
     * An item.
     *
     * @param name the item's key in its Secret
     * @param content what stands there, line end included
     */
    public SourceItem(String name, byte[] content) {
        this.name = name;
        this.content = content;
    }

    /** The item's key in its Secret. */
    public String name() {
        return name;
    }

    /** What stands there. */
    public byte[] content() {
        return content;
    }

    /** Name and size: the content may be somebody's plaintext, put there by mistake. */
    @Override
    public String toString() {
        return "SourceItem[" + name + ", " + content.length + " bytes]";
    }
}
