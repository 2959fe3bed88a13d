// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import io.podseal.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The text of a file, with the positions that an edit needs. */
final class SourceText {
    private final String text;
    /** The parser counts code points, a String counts UTF-16 units; empty where the two are the same. */
    private final int[] charOffsets;

    SourceText(String text) {
        this.text = text;
        int codePoints = text.codePointCount(0, text.length());
        charOffsets = codePoints == text.length() ? new int[0] : new int[codePoints + 1];
        for (int i = 0, at = 0; i < charOffsets.length; i++) {
            charOffsets[i] = at;
            at += at < text.length() ? Character.charCount(text.codePointAt(at)) : 0;
        }
    }

    static SourceText decode(byte[] utf8) {
        try {
            return new SourceText(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString());
        } catch (CharacterCodingException e) {
            throw ErrorCode.FORMAT.because("the manifest is not UTF-8; save it as UTF-8");
        }
    }

    byte[] encode() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    String text() {
        return text;
    }

    int charOffset(int codePointIndex) {
        return charOffsets.length == 0 ? codePointIndex : charOffsets[codePointIndex];
    }

    /** Where the line of that position ends: at its line break, or at the end of the text. */
    int lineEnd(int position) {
        int end = position;
        while (end < text.length() && !isBreak(text.charAt(end))) {
            end++;
        }
        return end;
    }

    int lineStart(int position) {
        int start = position;
        while (start > 0 && !isBreak(text.charAt(start - 1))) {
            start--;
        }
        return start;
    }

    /** Behind the line break at that position, if there is one. */
    int afterBreak(int position) {
        return position + breakAt(position).length();
    }

    /** The line break that this file uses at that position or, where there is none, elsewhere. */
    String lineBreak(int position) {
        String here = breakAt(lineEnd(position));
        String first = here.isEmpty() ? breakAt(lineEnd(0)) : here;
        return first.isEmpty() ? "\n" : first;
    }

    /** The number of characters before that position on its line, a byte order mark aside. */
    int column(int position) {
        int start = lineStart(position);
        int mark = start == 0 && text.startsWith("\uFEFF") ? 1 : 0;
        return position - start - mark;
    }

    private String breakAt(int position) {
        if (text.startsWith("\r\n", position)) {
            return "\r\n";
        }
        return position < text.length() && isBreak(text.charAt(position)) ? text.substring(position, position + 1) : "";
    }

    private static boolean isBreak(char c) {
        return c == '\n' || c == '\r';
    }
}
