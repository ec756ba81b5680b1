package dev.lejepa.trainer.packed;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// The first bytes of a packed file.
///
/// @param form how all its images lie
/// @param images how many
/// @param classes how many class names there are
/// @param table first byte of the table
/// @param texts first byte of class names and image names
/// @param length bytes of the whole file
/// @param crc CRC-32C of table and texts
record PackHeader(PackForm form, int images, int classes, long table, long texts, long length, int crc) {
    static final int BYTES = 64;

    private static final int VERSION = 1;

    /// As PNG's: a first byte that is no text, and line ends that a transfer as text would change.
    private static final byte[] MAGIC = {(byte) 0x89, 'L', 'J', 'P', 'K', '\r', '\n', 0x1A};

    private static final int CHECKED = BYTES - Integer.BYTES;

    /// True of the beginning of a packed file of any version.
    static boolean begins(byte[] bytes) {
        return bytes.length >= MAGIC.length && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    ByteBuffer bytes() {
        ByteBuffer out = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.put(MAGIC).putInt(VERSION).putInt(form.ordinal()).putInt(images).putInt(classes);
        out.putLong(table).putLong(texts).putLong(length).putInt(crc);
        out.position(CHECKED).putInt(checksum(out));
        return out.flip();
    }

    private static int checksum(ByteBuffer header) {
        CRC32C crc = new CRC32C();
        crc.update(header.array(), 0, CHECKED);
        return (int) crc.getValue();
    }

    /// Reads a header.
    ///
    /// @param file stands for the file in messages
    /// @param found length of the file
    /// @throws BadInputException if it is none of this version, damaged, or of a file of another length
    static PackHeader parse(String file, byte[] bytes, long found) {
        if (!begins(bytes)) {
            throw new BadInputException(Text.format(
                    "%s: is no packed file: its first bytes are others (`data pack` writes such files)", file));
        }
        if (bytes.length < BYTES) {
            throw new BadInputException(Text.format("%s: is cut off after %d bytes", file, bytes.length));
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(MAGIC.length);
        int version = in.getInt();
        if (version != VERSION) {
            throw new BadInputException(Text.format(
                    "%s: is a packed file of version %d, expected %d: pack the images again", file, version, VERSION));
        }
        PackForm form = PackForm.of(in.getInt()).orElseThrow(() -> damaged(file));
        PackHeader header =
                new PackHeader(form, in.getInt(), in.getInt(), in.getLong(), in.getLong(), in.getLong(), in.getInt());
        if (in.getInt(CHECKED) != checksum(in) || !header.isPossible()) {
            throw damaged(file);
        }
        if (header.length != found) {
            throw new BadInputException(
                    Text.format("%s: has %d bytes where its header says %d", file, found, header.length));
        }
        return header;
    }

    private boolean isPossible() {
        return images > 0
                && classes >= 0
                && table >= BYTES
                && texts == table + (long) images * PackTable.ROW
                && texts <= length
                && length - texts <= Integer.MAX_VALUE;
    }

    static BadInputException damaged(String file) {
        return new BadInputException(Text.format(
                "%s: its header or table is damaged (CRC-32C): copy it again, or pack the images again", file));
    }
}
