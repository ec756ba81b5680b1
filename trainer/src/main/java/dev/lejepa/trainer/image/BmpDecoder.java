package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;

/// Decodes Windows and OS/2 bitmaps row by row, with PIL's pixels; alpha is dropped.
final class BmpDecoder {
    private byte[] row = new byte[0];
    private byte[] rgb = new byte[0];

    /// @param bytes the whole file
    void decode(String name, Bytes bytes, RgbImage out) throws BrokenImageException {
        try {
            BmpHeader header = BmpHeader.parse(name, bytes);
            switch (header.packing()) {
                case BmpHeader.Packing.Rows(long stride) -> decodeRows(header, stride, bytes, out);
                case BmpHeader.Packing.Runs(boolean halfBytes) -> decodeRuns(header, halfBytes, bytes, out);
            }
        } catch (TruncatedException e) {
            throw new BrokenImageException(name, "cut off after " + bytes.length() + " bytes", e);
        }
    }

    private void decodeRows(BmpHeader header, long stride, Bytes bytes, RgbImage out) throws TruncatedException {
        long rowBytes = header.layout().bytes(header.width());
        // of rows that overlap PIL wants the last one whole, of others it does not want what fills up the last
        long end = header.pixels()
                + (rowBytes > stride ? header.height() * rowBytes : (header.height() - 1) * stride + rowBytes);
        if (end > bytes.length()) {
            throw new TruncatedException();
        }
        reshape(header, (int) rowBytes, out);
        for (int y = 0; y < header.height(); y++) {
            bytes.copy((int) (header.pixels() + y * stride), row, 0, (int) rowBytes);
            put(header, y, out);
        }
    }

    private void decodeRuns(BmpHeader header, boolean halfBytes, Bytes bytes, RgbImage out) throws TruncatedException {
        reshape(header, header.width(), out);
        BmpRuns runs = new BmpRuns(bytes, header.pixels(), halfBytes, header.width(), header.height());
        for (int y = 0; y < header.height(); y++) {
            runs.read(row);
            put(header, y, out);
        }
    }

    private void reshape(BmpHeader header, int rowBytes, RgbImage out) {
        out.reshape(header.width(), header.height());
        if (row.length < rowBytes) {
            row = new byte[rowBytes];
        }
        if (rgb.length < 3 * header.width()) {
            rgb = new byte[3 * header.width()];
        }
    }

    private void put(BmpHeader header, int y, RgbImage out) {
        header.layout().toRgb(row, 0, header.width(), rgb);
        out.putRow(header.topDown() ? y : header.height() - 1 - y, rgb, 0);
    }
}
