package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;

/// The numbers of a bitmap that is stored in runs, one after the other. A run is two bytes: how often, and what; with
/// 0 in front, what to do: end the row (0) or the picture (1), skip (2), or take so many numbers as they are.
final class BmpRuns {
    private static final int END_OF_ROW = 0;
    private static final int END_OF_PICTURE = 1;
    private static final int SKIP = 2;

    private final Bytes bytes;
    private final boolean halfBytes;
    private final int width;
    private final long numbers;
    private int at;
    /// Numbers given out so far.
    private long given;
    /// Column of the next run, which says how much of it the row has room for.
    private int column;
    private int left;
    /// Place of the numbers to take as they are, or -1 in a run.
    private int verbatim;
    private int run;
    private boolean second;

    BmpRuns(Bytes bytes, long start, boolean halfBytes, int width, int height) {
        this.bytes = bytes;
        this.at = (int) Math.min(start, bytes.length());
        this.halfBytes = halfBytes;
        this.width = width;
        this.numbers = (long) width * height;
    }

    /// Reads one row, a byte a number.
    void read(byte[] row) throws TruncatedException {
        for (int i = 0; i < width; i++) {
            while (left == 0) {
                next();
            }
            row[i] = (byte) number();
            left--;
            given++;
        }
    }

    private int number() throws TruncatedException {
        int value = verbatim < 0 ? run : bytes.u8(verbatim);
        boolean low = second;
        if (halfBytes) {
            second = !second;
            value = low ? value & 15 : value >> 4;
        }
        if (verbatim >= 0 && (low || !halfBytes)) {
            verbatim++;
        }
        return value;
    }

    private void next() throws TruncatedException {
        int count = bytes.u8(at);
        int what = bytes.u8(at + 1);
        at += 2;
        second = false;
        verbatim = -1;
        run = 0;
        if (count > 0) {
            run = what;
            left = Math.min(count, Math.max(0, width - column));
            column += left;
            return;
        }
        switch (what) {
            case END_OF_ROW -> {
                left = (int) ((width - given % width) % width);
                column = 0;
            }
            case END_OF_PICTURE -> throw new TruncatedException();
            case SKIP -> {
                long skipped = bytes.u8(at) + (long) bytes.u8(at + 1) * width;
                at += 2;
                left = (int) Math.min(numbers - given, skipped);
                column = (int) ((given + left) % width);
            }
            default -> takeAsTheyAre(what);
        }
    }

    private void takeAsTheyAre(int count) throws TruncatedException {
        left = (int) Math.min(numbers - given, count);
        column += count;
        verbatim = at;
        int size = halfBytes ? (left + 1) / 2 : left;
        bytes.slice(at, size);
        at += size;
        // what follows begins at an even place of the file
        at += at & 1;
    }
}
