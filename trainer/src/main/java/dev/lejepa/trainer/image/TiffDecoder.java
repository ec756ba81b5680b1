package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;
import java.util.zip.Inflater;

/// Decodes the first picture of a TIFF file row by row, if it is of a usual kind: gray, palette or RGB in strips, not
/// packed or by LZW, Deflate or PackBits.
final class TiffDecoder {
    private final Inflater inflater = new Inflater();
    private byte[] row = new byte[0];
    private byte[] rgb = new byte[0];

    /// @param bytes the whole file
    void decode(String name, Bytes bytes, RgbImage out) throws BrokenImageException {
        try {
            TiffHeader header = TiffHeader.parse(name, bytes);
            long rowBytes = header.layout().bytes(header.width());
            int strips = (header.height() + header.rowsPerStrip() - 1) / header.rowsPerStrip();
            if (header.offsets().length < strips || rowBytes > Integer.MAX_VALUE - 8) {
                throw new BrokenImageException(
                        name, "TIFF with " + header.offsets().length + " strips, expected " + strips);
            }
            out.reshape(header.width(), header.height());
            if (row.length < rowBytes) {
                row = new byte[(int) rowBytes];
            }
            if (rgb.length < 3 * header.width()) {
                rgb = new byte[3 * header.width()];
            }
            for (int s = 0; s < strips; s++) {
                decodeStrip(name, header, s, bytes, out);
            }
        } catch (TruncatedException e) {
            throw new BrokenImageException(name, "cut off after " + bytes.length() + " bytes", e);
        }
    }

    private void decodeStrip(String name, TiffHeader header, int s, Bytes bytes, RgbImage out)
            throws BrokenImageException, TruncatedException {
        int from = header.offsets()[s];
        if (from < 0 || from > bytes.length()) {
            throw new TruncatedException();
        }
        int there = bytes.length() - from;
        boolean told = s < header.lengths().length && header.compression() != TiffCompression.NONE;
        int length = told ? Math.min(header.lengths()[s], there) : there;
        TiffStrip strip = TiffStrip.of(header.compression(), name, bytes.slice(from, length), inflater);
        int rowBytes = (int) header.layout().bytes(header.width());
        int first = s * header.rowsPerStrip();
        int end = Math.min(header.height(), first + header.rowsPerStrip());
        for (int y = first; y < end; y++) {
            strip.read(row, rowBytes);
            if (header.sampleStep() > 0 && header.compression() != TiffCompression.NONE) {
                undoDifferences(header, rowBytes);
            }
            header.layout().toRgb(row, 0, header.width(), rgb);
            out.putRow(y, rgb, 0);
        }
    }

    private void undoDifferences(TiffHeader header, int rowBytes) {
        int step = header.sampleStep();
        if (header.sampleBytes() == 1) {
            for (int i = step; i < rowBytes; i++) {
                row[i] += row[i - step];
            }
            return;
        }
        int low = header.little() ? 0 : 1;
        for (int i = step; i < rowBytes; i += 2) {
            int sum = u16(i, low) + u16(i - step, low);
            row[i + low] = (byte) sum;
            row[i + 1 - low] = (byte) (sum >> 8);
        }
    }

    private int u16(int at, int low) {
        return row[at + low] & 0xFF | (row[at + 1 - low] & 0xFF) << 8;
    }
}
