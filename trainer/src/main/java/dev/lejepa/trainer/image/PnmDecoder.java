package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;

/// Decodes portable bitmaps, graymaps and pixmaps (P1 to P6) row by row, with PIL's pixels.
final class PnmDecoder {
    private byte[] rgb = new byte[0];

    /// @param bytes the whole file
    void decode(String name, Bytes bytes, RgbImage out) throws BrokenImageException {
        try {
            PnmHeader header = PnmHeader.parse(name, bytes);
            requireData(header, bytes);
            out.reshape(header.width(), header.height());
            if (rgb.length < 3 * header.width()) {
                rgb = new byte[3 * header.width()];
            }
            PnmTokens tokens = new PnmTokens(name, bytes, header.data());
            for (int y = 0; y < header.height(); y++) {
                for (int x = 0; x < header.width(); x++) {
                    for (int c = 0; c < 3; c++) {
                        rgb[3 * x + c] = c < header.samples()
                                ? header.level(sample(name, header, bytes, tokens, x, y, c))
                                : rgb[3 * x];
                    }
                }
                out.putRow(y, rgb, 0);
            }
        } catch (TruncatedException e) {
            throw new BrokenImageException(name, "cut off after " + bytes.length() + " bytes", e);
        }
    }

    /// No room is made for pixels that cannot be there.
    private static void requireData(PnmHeader header, Bytes bytes) throws TruncatedException {
        long perRow = header.plain() ? (long) header.width() * header.samples() : rowBytes(header);
        if (header.data() + perRow * header.height() > bytes.length()) {
            throw new TruncatedException();
        }
    }

    private static int sample(String name, PnmHeader header, Bytes bytes, PnmTokens tokens, int x, int y, int c)
            throws BrokenImageException, TruncatedException {
        if (header.plain()) {
            int value = header.bits() ? tokens.nextBit() : tokens.next();
            if (value > header.highest()) {
                throw new BrokenImageException(name, "damaged: sample " + value + " above " + header.highest());
            }
            return value;
        }
        int row = (int) (header.data() + y * rowBytes(header));
        if (header.bits()) {
            return bytes.u8(row + x / 8) >> 7 - x % 8 & 1;
        }
        int index = header.samples() * x + c;
        return header.highest() > 255 ? bytes.u16(row + 2 * index) : bytes.u8(row + index);
    }

    private static long rowBytes(PnmHeader header) {
        if (header.bits()) {
            return (header.width() + 7L) / 8;
        }
        return (long) header.width() * header.samples() * (header.highest() > 255 ? 2 : 1);
    }
}
