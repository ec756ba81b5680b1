package dev.lejepa.trainer.packed;

import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.graphs.OutputFile;
import dev.lejepa.graphs.PathText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// Writes a packed file image by image; nothing is in its place before [#finish].
final class PackWriter implements AutoCloseable {
    private final OutputFile file;
    private final FileChannel channel;
    private final PackForm form;
    private final List<PackTable.Row> rows = new ArrayList<>();
    private final ByteArrayOutputStream names = new ByteArrayOutputStream();
    private long end = PackHeader.BYTES;

    PackWriter(Path out, PackForm form) throws IOException {
        this.file = OutputFile.create(out);
        this.channel = file.channel().position(end);
        this.form = form;
    }

    /// Appends an image, in this file's form.
    void add(Path name, int label, PackedImage image) throws IOException {
        MemorySegment bytes = MemorySegment.ofArray(image.bytes());
        CRC32C crc = new CRC32C();
        crc.update(bytes.asByteBuffer());
        names.writeBytes(PathText.bytes(name));
        int length = Math.toIntExact(bytes.byteSize());
        rows.add(new PackTable.Row(
                end, length, (int) crc.getValue(), label, image.width(), image.height(), names.size(), image.format()));
        AtomicFile.writeFully(channel, bytes.asByteBuffer());
        end += length;
    }

    int images() {
        return rows.size();
    }

    /// Writes what is behind and before the images, and puts the file in its place.
    ///
    /// @return bytes of the file
    long finish(List<String> classes) throws IOException {
        ByteBuffer table = table();
        byte[] texts = texts(classes);
        CRC32C crc = new CRC32C();
        crc.update(table.duplicate());
        crc.update(texts);
        long behind = end + table.capacity();
        PackHeader header = new PackHeader(
                form, rows.size(), classes.size(), end, behind, behind + texts.length, (int) crc.getValue());
        AtomicFile.writeFully(channel, table);
        AtomicFile.writeFully(channel, ByteBuffer.wrap(texts));
        AtomicFile.writeFully(channel.position(0), header.bytes());
        file.commit();
        return header.length();
    }

    private ByteBuffer table() {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(rows.size(), PackTable.ROW));
        PackTable table = new PackTable(MemorySegment.ofBuffer(bytes));
        for (int image = 0; image < rows.size(); image++) {
            table.put(image, rows.get(image));
        }
        return bytes;
    }

    private byte[] texts(List<String> classes) {
        ByteArrayOutputStream texts = new ByteArrayOutputStream();
        for (String name : classes) {
            byte[] text = PathText.encoded(name);
            texts.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(text.length)
                    .array());
            texts.writeBytes(text);
        }
        texts.writeBytes(names.toByteArray());
        return texts.toByteArray();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
