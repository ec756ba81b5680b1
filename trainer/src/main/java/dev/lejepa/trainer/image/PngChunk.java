package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;
import java.util.zip.CRC32;

/// A chunk of a PNG file.
///
/// @param at place of its length field
/// @param length of its body, which need not all be there
record PngChunk(String type, int at, long length) {
    private static final int BEFORE_BODY = 8;
    private static final int CHECKSUM = 4;
    private static final int SEQUENCE_NUMBER = 4;

    static PngChunk at(String name, Bytes bytes, long at) throws BrokenImageException, TruncatedException {
        if (at > bytes.length()) {
            throw new TruncatedException();
        }
        int place = (int) at;
        long length = bytes.i32(place) & 0xFFFFFFFFL;
        String type = bytes.ascii(place + 4, 4);
        if (!type.chars().allMatch(PngChunk::isName)) {
            throw new BrokenImageException(name, "damaged: no PNG chunk begins at byte " + place);
        }
        return new PngChunk(type, place, length);
    }

    /// Place of the chunk behind this one.
    long next() {
        return at + BEFORE_BODY + length + CHECKSUM;
    }

    boolean isPixels() {
        return type.equals("IDAT") || type.equals("fdAT") || type.equals("DDAT");
    }

    Bytes body(Bytes bytes) throws TruncatedException {
        if (length > bytes.length()) {
            throw new TruncatedException();
        }
        return bytes.slice(at + BEFORE_BODY, (int) length);
    }

    /// What is there of a pixel chunk's compressed data.
    Bytes pixels(Bytes bytes) throws TruncatedException {
        int from = at + BEFORE_BODY;
        Bytes body = bytes.slice(from, (int) Math.min(length, bytes.length() - from));
        int skip = type.equals("fdAT") ? Math.min(SEQUENCE_NUMBER, body.length()) : 0;
        return body.slice(skip, body.length() - skip);
    }

    /// Refuses a chunk whose checksum is another.
    void verify(String name, Bytes bytes) throws BrokenImageException, TruncatedException {
        CRC32 crc = new CRC32();
        body(bytes);
        crc.update(bytes.slice(at + 4, (int) length + 4).data().asByteBuffer());
        if ((int) crc.getValue() != bytes.i32(at + BEFORE_BODY + (int) length)) {
            throw new BrokenImageException(name, "damaged: the checksum of chunk " + type + " is wrong");
        }
    }

    private static boolean isName(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }
}
