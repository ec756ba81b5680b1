package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;
import java.util.Arrays;

/// Decodes PNG a few rows at a time, with PIL's pixels: palettes, gray and 16 bits become RGB, alpha is dropped, gamma
/// and profiles change nothing. As PIL it does not look at the checksums of pixel chunks (a compressed stream has its
/// own), and what comes behind the last row does not matter.
final class PngDecoder {
    /// Rows are expanded in blocks of about so many bytes.
    private static final int BLOCK = 64 << 10;

    private final PngStream stream = new PngStream();
    private byte[] block = new byte[0];
    private byte[] rgb = new byte[0];

    /// @param bytes the whole file
    void decode(String name, Bytes bytes, RgbImage out) throws BrokenImageException {
        PngHeader header = header(name, bytes);
        // the widest array holds two rows, the one above and the one that is read
        long rowBytes = Math.max(3L * header.width(), 2 * (header.layout().bytes(header.width()) + 1));
        if (rowBytes > Integer.MAX_VALUE - 8 - BLOCK) {
            throw new BrokenImageException(name, "claims rows of " + rowBytes + " bytes");
        }
        out.reshape(header.width(), header.height());
        if (rgb.length < 3 * header.width()) {
            rgb = new byte[3 * header.width()];
        }
        stream.open(name, bytes, header.data());
        if (header.interlaced()) {
            fill(header, out, 0);
            decodePasses(header, out);
        } else {
            decodeRows(header, out);
        }
    }

    private static PngHeader header(String name, Bytes bytes) throws BrokenImageException {
        try {
            return PngHeader.parse(name, bytes);
        } catch (TruncatedException e) {
            throw new BrokenImageException(name, "cut off within its header (" + bytes.length() + " bytes)", e);
        }
    }

    private void decodeRows(PngHeader header, RgbImage out) throws BrokenImageException {
        Box frame = header.frame();
        boolean whole = frame.width() == header.width() && frame.height() == header.height();
        if (!whole) {
            fill(header, out, 0);
        }
        PixelLayout layout = header.layout();
        boolean asStored = whole && layout instanceof PixelLayout.Direct direct && direct.isRgb();
        int count = frame.width();
        int done = pass(layout, count, frame.height(), (row, at) -> {
            if (asStored) {
                out.putRow(row, block, at);
                return;
            }
            layout.toRgb(block, at, count, rgb);
            if (whole) {
                out.putRow(row, rgb, 0);
            } else {
                out.putPixels(frame.top() + row, frame.left(), 1, rgb, 0, count);
            }
        });
        if (whole && done < frame.height()) {
            fill(header, out, done);
        }
    }

    private void decodePasses(PngHeader header, RgbImage out) throws BrokenImageException {
        PixelLayout layout = header.layout();
        for (Adam7 pass : Adam7.values()) {
            int count = pass.columns(header.frame().width());
            int rows = count == 0 ? 0 : pass.rows(header.frame().height());
            int done = pass(layout, count, rows, (row, at) -> {
                layout.toRgb(block, at, count, rgb);
                out.putPixels(pass.row(row), pass.left(), pass.across(), rgb, 0, count);
            });
            if (done < rows) {
                return;
            }
        }
    }

    /// Gives rows from one on the color that PIL's empty image has.
    private void fill(PngHeader header, RgbImage out, int from) {
        byte[] none = new byte[8];
        header.layout().toRgb(none, 0, 1, rgb);
        for (int x = 1; x < header.width(); x++) {
            System.arraycopy(rgb, 0, rgb, 3 * x, 3);
        }
        for (int y = from; y < header.height(); y++) {
            out.putRow(y, rgb, 0);
        }
    }

    /// Takes a row whose filter has been undone.
    private interface RowSink {
        /// @param at place of the row's first pixel in the block
        void row(int row, int at);
    }

    /// Reads rows, and returns their number: fewer than asked for if the compressed stream ends between two rows.
    private int pass(PixelLayout layout, int columns, int rows, RowSink sink) throws BrokenImageException {
        int stride = 1 + (int) layout.bytes(columns);
        int perBlock = Math.clamp(BLOCK / stride, 1, Math.max(1, rows));
        // the row above comes first, and above the first row there are zeros
        if (block.length < stride * (perBlock + 1)) {
            block = new byte[stride * (perBlock + 1)];
        }
        Arrays.fill(block, 0, stride, (byte) 0);
        int sample = Math.max(1, layout.bits() / 8);
        for (int row = 0; row < rows; ) {
            int wanted = Math.min(perBlock, rows - row);
            int got = stream.read(block, stride, wanted * stride);
            if (got % stride != 0) {
                throw stream.broken("the compressed pixels end within row " + (row + got / stride));
            }
            for (int at = stride; at < stride + got; at += stride, row++) {
                if (!PngFilter.undo(block, at, stride, sample)) {
                    throw stream.broken("a PNG row with filter " + (block[at] & 0xFF));
                }
                sink.row(row, at + 1);
            }
            if (got < wanted * stride) {
                return row;
            }
            System.arraycopy(block, wanted * stride, block, 0, stride);
        }
        return rows;
    }
}
