package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;

/// The decimal numbers of a portable any-map. A comment runs from `#` to the end of its line, even within a number.
final class PnmTokens {
    private static final int LONGEST = 10;

    private final String name;
    private final Bytes bytes;
    private int at;

    PnmTokens(String name, Bytes bytes, int at) {
        this.name = name;
        this.bytes = bytes;
        this.at = at;
    }

    /// Place behind the last number and the one space after it.
    int at() {
        return at;
    }

    /// @throws TruncatedException if there is no further number
    int next() throws BrokenImageException, TruncatedException {
        long number = 0;
        int digits = 0;
        while (at < bytes.length() || digits == 0) {
            int c = bytes.u8(at++);
            if (c == '#') {
                skipLine();
            } else if (c >= '0' && c <= '9' && digits < LONGEST) {
                number = 10 * number + c - '0';
                digits++;
            } else if (!isSpace(c)) {
                throw new BrokenImageException(name, "damaged: byte " + (at - 1) + " is in no decimal number");
            } else if (digits > 0) {
                break;
            }
        }
        return (int) Math.min(number, Integer.MAX_VALUE);
    }

    /// The next character 0 or 1, whether spaces are between or not.
    int nextBit() throws BrokenImageException, TruncatedException {
        while (true) {
            int c = bytes.u8(at++);
            if (c == '0' || c == '1') {
                return c - '0';
            }
            if (c == '#') {
                skipLine();
            } else if (!isSpace(c)) {
                throw new BrokenImageException(name, "damaged: byte " + (at - 1) + " is neither 0 nor 1");
            }
        }
    }

    static boolean isSpace(int c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    private void skipLine() throws TruncatedException {
        while (at < bytes.length()) {
            int c = bytes.u8(at++);
            if (c == '\n' || c == '\r') {
                return;
            }
        }
    }
}
