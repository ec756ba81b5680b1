package dev.lejepa.trainer.parquet;

import dev.lejepa.graphs.Text;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;

/// The pages of a column of encoded images. What is wrong with a page is an [IOException] that names its place.
///
/// @param file open for reading
/// @param levels the highest definition level, which a row with an image has; 0 where every row must have one
record ImageColumn(FileChannel file, int levels) {
    /// Enough for nearly all headers; those with statistics may be longer.
    private static final int HEADER = 1 << 10;

    private static final int LONGEST_HEADER = 64 << 20;

    /// A page may not claim more memory than this.
    private static final int LARGEST_PAGE = 1 << 30;

    /// A page in the file.
    ///
    /// @param offset of its header
    record Place(long offset, PageHeader header) {
        long end() {
            return offset + header.length() + header.stored();
        }
    }

    /// The page that begins at an offset.
    ///
    /// @param end of what may belong to it
    Place at(long offset, long end) throws IOException {
        for (int size = HEADER; ; size *= 8) {
            int reach = (int) Math.min(size, end - offset);
            try {
                Place place = PageHeader.parse(read(offset, new byte[reach]))
                        .map(header -> new Place(offset, header))
                        .orElseThrow(() -> damaged(offset, "has no header that makes sense"));
                if (place.end() > end) {
                    throw damaged(offset, "reaches beyond its column");
                }
                return place;
            } catch (BufferUnderflowException e) {
                if (reach == end - offset || size >= LONGEST_HEADER) {
                    throw damaged(offset, "ends within its header");
                }
            }
        }
    }

    /// The first page with values from an offset on.
    ///
    /// @param end of the column's chunk
    /// @return nothing where there is none left
    Optional<Place> next(long offset, long end) throws IOException {
        for (long at = offset; at < end; ) {
            Place place = at(at, end);
            if (place.header().kind() == PageHeader.Kind.DATA) {
                return Optional.of(place);
            }
            at = place.end();
        }
        return Optional.empty();
    }

    /// Reads a page with the dictionary that it uses.
    ///
    /// @param arena has the memory of the images, as long as they are used
    ImagePage page(RowGroup group, Place place, Arena arena) throws IOException {
        PageHeader header = place.header();
        MemorySegment bytes = unpacked(group.codec(), place, arena);
        try {
            return page(group, place, levels(header, bytes), arena);
        } catch (IndexOutOfBoundsException e) {
            throw damaged(place.offset(), "ends before its last value");
        } catch (IOException e) {
            throw damaged(place.offset(), String.valueOf(e.getMessage()));
        }
    }

    /// What a page of values consists of: whether each row has one, and the values.
    private record Parts(boolean[] present, MemorySegment values) {}

    private ImagePage page(RowGroup group, Place place, Parts parts, Arena arena) throws IOException {
        PageHeader header = place.header();
        if (header.encoding() == PageHeader.PLAIN) {
            return ImagePage.plain(parts.values(), parts.present());
        }
        if (!header.isDictionaryEncoded()) {
            throw new IOException(Text.format(
                    "has encoding %d, expected images that are written plainly or through a dictionary",
                    header.encoding()));
        }
        int[] places = new int[0];
        int count = count(parts.present());
        if (count > 0) {
            int bits = parts.values().get(ValueLayout.JAVA_BYTE, 0);
            if (bits < 0 || bits > Integer.SIZE) {
                throw new IOException(Text.format("has numbers of %d bits", bits));
            }
            places = HybridRuns.read(parts.values().asSlice(1), bits, count);
        }
        return ImagePage.of(dictionary(group, arena), places, parts.present());
    }

    /// A dictionary stands before all other pages.
    private ImagePage dictionary(RowGroup group, Arena arena) throws IOException {
        Place place = at(group.begin(), group.end());
        if (place.header().kind() != PageHeader.Kind.DICTIONARY) {
            throw new IOException("wants a dictionary, but its column has none");
        }
        boolean[] all = new boolean[place.header().values()];
        Arrays.fill(all, true);
        return ImagePage.plain(unpacked(group.codec(), place, arena), all);
    }

    private Parts levels(PageHeader header, MemorySegment bytes) {
        boolean[] present = new boolean[header.values()];
        if (levels == 0) {
            Arrays.fill(present, true);
            return new Parts(present, bytes);
        }
        boolean inside = header.levels().isEmpty();
        long begin = inside ? Integer.BYTES : 0;
        long length = inside
                ? bytes.get(ValueLayout.JAVA_INT_UNALIGNED, 0)
                : header.levels().getAsInt();
        int[] found = HybridRuns.read(
                bytes.asSlice(begin, length), Integer.SIZE - Integer.numberOfLeadingZeros(levels), header.values());
        for (int row = 0; row < found.length; row++) {
            present[row] = found[row] == levels;
        }
        return new Parts(present, bytes.asSlice(begin + length));
    }

    /// The page decompressed, levels that stand in front of it included.
    private MemorySegment unpacked(PageCodec codec, Place place, Arena arena) throws IOException {
        PageHeader header = place.header();
        long begin = place.offset() + header.length();
        int front = header.levels().orElse(0);
        if (Math.max(header.unpacked(), header.stored()) > LARGEST_PAGE || front > header.unpacked()) {
            throw damaged(
                    place.offset(),
                    Text.format(
                            "claims %d bytes, more than the %d that a page may have", header.unpacked(), LARGEST_PAGE));
        }
        try (Arena packed = Arena.ofConfined()) {
            boolean plain = codec == PageCodec.UNCOMPRESSED || !header.compressed();
            MemorySegment stored = read(begin, (plain ? arena : packed).allocate(header.stored()));
            requireUndamaged(place, stored);
            if (plain) {
                return stored;
            }
            MemorySegment out = arena.allocate(header.unpacked());
            MemorySegment.copy(stored, 0, out, 0, front);
            if (header.unpacked() > front) {
                codec.unpack(stored.asSlice(front), out.asSlice(front));
            }
            return out;
        } catch (IOException e) {
            throw damaged(place.offset(), String.valueOf(e.getMessage()));
        }
    }

    private static void requireUndamaged(Place place, MemorySegment stored) throws IOException {
        if (place.header().crc().isPresent()) {
            CRC32 crc = new CRC32();
            crc.update(stored.asByteBuffer());
            if ((int) crc.getValue() != place.header().crc().getAsInt()) {
                throw new IOException("its checksum is another");
            }
        }
    }

    private static int count(boolean[] present) {
        int count = 0;
        for (boolean p : present) {
            count += p ? 1 : 0;
        }
        return count;
    }

    private MemorySegment read(long offset, MemorySegment into) throws IOException {
        read(offset, into.asByteBuffer());
        return into;
    }

    private ByteBuffer read(long offset, byte[] into) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(into);
        read(offset, buffer);
        return buffer.flip();
    }

    private void read(long offset, ByteBuffer into) throws IOException {
        for (long at = offset; into.hasRemaining(); ) {
            int count = file.read(into, at);
            if (count < 0) {
                throw new IOException("the file ends within it");
            }
            at += count;
        }
    }

    private static IOException damaged(long offset, String what) {
        String begin = Text.format("the page at byte %d ", offset);
        return new IOException(what.startsWith(begin) ? what : begin + what);
    }
}
