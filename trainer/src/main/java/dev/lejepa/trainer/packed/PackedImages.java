package dev.lejepa.trainer.packed;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.FileFaults;
import dev.lejepa.graphs.InputFile;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.ImageFacts;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.RgbImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The images of a packed file. The table and the names are in memory, 36 bytes and a name an image; images are read
/// where they lie, and their checksums looked at.
public final class PackedImages implements ImageSource {
    private final Path file;
    private final FileChannel channel;
    private final Arena arena;
    private final PackHeader header;
    private final PackTable table;
    private final PackTexts texts;

    private PackedImages(Path file, FileChannel channel, Arena arena, PackHeader header) throws IOException {
        this.file = file;
        this.channel = channel;
        this.arena = arena;
        this.header = header;
        MemorySegment behind = arena.allocate(header.length() - header.table());
        readFully(channel, header.table(), behind);
        CRC32C crc = new CRC32C();
        long whole = behind.byteSize();
        for (long at = 0; at < whole; at += 1 << 30) {
            crc.update(behind.asSlice(at, Math.min(1 << 30, whole - at)).asByteBuffer());
        }
        if ((int) crc.getValue() != header.crc()) {
            throw PackHeader.damaged(PathText.shown(file));
        }
        long rows = header.texts() - header.table();
        this.table = new PackTable(behind.asSlice(0, rows));
        this.texts = PackTexts.of(behind.asSlice(rows), header.classes());
    }

    /// True of a file that begins as packed files do.
    public static boolean isPacked(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return PackHeader.begins(first(channel));
        } catch (IOException e) {
            return false; // told by whoever opens it
        }
    }

    /// Opens a packed file.
    ///
    /// @throws BadInputException if it is none, of another version, cut off, or its table is damaged
    public static PackedImages open(Path file) {
        InputFile.require(file);
        Arena arena = Arena.ofShared();
        boolean opened = false;
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
            PackHeader header = PackHeader.parse(PathText.shown(file), first(channel), channel.size());
            PackedImages images = new PackedImages(file, channel, arena, header);
            opened = true;
            return images;
        } catch (IOException e) {
            throw new BadInputException(Text.format("%s: %s", PathText.shown(file), FileFaults.reason(e)), e);
        } finally {
            if (!opened) {
                arena.close();
                closeQuietly(channel);
            }
        }
    }

    private static byte[] first(FileChannel channel) throws IOException {
        ByteBuffer first = ByteBuffer.allocate((int) Math.min(PackHeader.BYTES, channel.size()));
        while (first.hasRemaining() && channel.read(first, first.position()) >= 0) {
            // a channel may return fewer bytes than asked for
        }
        return first.array();
    }

    private static void readFully(FileChannel channel, long offset, MemorySegment into) throws IOException {
        for (long done = 0; done < into.byteSize(); ) {
            ByteBuffer part = into.asSlice(done, Math.min(1 << 30, into.byteSize() - done))
                    .asByteBuffer();
            int count = channel.read(part, offset + done);
            if (count < 0) {
                throw new IOException("it became shorter while it was read");
            }
            done += count;
        }
    }

    @Override
    public String place() {
        return PathText.shown(file);
    }

    /// How the images lie.
    public PackForm form() {
        return header.form();
    }

    @Override
    public List<String> classes() {
        return texts.classes();
    }

    @Override
    public int size() {
        return header.images();
    }

    @Override
    public int label(int image) {
        return table.get(image).label();
    }

    /// The file's name, and before it that of the image where it came from.
    @Override
    public Path name(int image) {
        int begin = image == 0 ? 0 : table.get(image - 1).nameEnd();
        return file.getFileName().resolve(texts.name(begin, table.get(image).nameEnd()));
    }

    @Override
    public Path file(int image) {
        return file;
    }

    @Override
    public long bytes(int image) {
        return table.get(image).length();
    }

    @Override
    public ImageFacts facts(int image) {
        PackTable.Row row = table.get(image);
        return new ImageFacts(row.format(), row.width(), row.height());
    }

    @Override
    public void decode(int image, ImageDecoder decoder, RgbImage out) throws BrokenImageException {
        try (Arena own = Arena.ofConfined()) {
            MemorySegment bytes = read(image, own);
            switch (header.form()) {
                case ORIGINAL, JPEG -> decoder.decode(shown(image), bytes, out);
                case RAW -> {
                    PackTable.Row row = table.get(image);
                    if (bytes.byteSize() != 3L * row.width() * row.height()) {
                        throw new BrokenImageException(
                                shown(image),
                                Text.format(
                                        "has %d bytes for %d x %d pixels",
                                        bytes.byteSize(), row.width(), row.height()));
                    }
                    out.reshape(row.width(), row.height());
                    MemorySegment.copy(bytes, 0, out.pixels(), 0, bytes.byteSize());
                }
            }
        }
    }

    @Override
    public Optional<MemorySegment> encoded(int image, SegmentAllocator room) throws BrokenImageException {
        return switch (header.form()) {
            case ORIGINAL, JPEG -> Optional.of(read(image, room));
            case RAW -> Optional.empty();
        };
    }

    private MemorySegment read(int image, SegmentAllocator room) throws BrokenImageException {
        PackTable.Row row = table.get(image);
        try {
            MemorySegment bytes = room.allocate(row.length());
            readFully(channel, row.offset(), bytes);
            CRC32C crc = new CRC32C();
            crc.update(bytes.asByteBuffer());
            if ((int) crc.getValue() != row.crc()) {
                throw new BrokenImageException(shown(image), "its bytes were changed (CRC-32C)");
            }
            return bytes;
        } catch (IOException e) {
            throw new BrokenImageException(shown(image), Text.format("cannot be read (%s)", FileFaults.reason(e)), e);
        }
    }

    private String shown(int image) {
        return PathText.shown(name(image));
    }

    @Override
    public List<String> notes() {
        return List.of();
    }

    @Override
    public void close() {
        arena.close();
        closeQuietly(channel);
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // it was only read
        }
    }
}
