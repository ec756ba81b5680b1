package dev.lejepa.graphs.weights;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// The table of contents of a zip file in memory, zip64 included. `java.util.zip` reads members as streams alone; this
/// tells where they lie, so that tensors of gigabytes stay in the mapping.
/// See <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>.
final class ZipDirectory {
    private static final int END = 0x06054b50;
    private static final int END_64 = 0x06064b50;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int ENTRY = 0x02014b50;
    private static final int LOCAL = 0x04034b50;
    private static final int END_BYTES = 22;
    private static final int LOCATOR_BYTES = 20;
    private static final int ENTRY_BYTES = 46;
    private static final int LOCAL_BYTES = 30;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    /// No deflated byte becomes more bytes than this.
    private static final long LARGEST_RATIO = 1032;

    private static final ValueLayout.OfShort U2 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U4 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U8 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// A member as the directory describes it.
    private record Member(int flags, int method, long compressed, long size, long local) {}

    private final String file;
    private final MemorySegment all;
    private final SequencedMap<String, Member> members = new LinkedHashMap<>();

    /// @param file names the file in messages
    /// @throws BadInputException if the directory is damaged or cut off
    ZipDirectory(String file, MemorySegment all) {
        this.file = file;
        this.all = all;
        readMembers();
    }

    /// The names of all members, in the order of the directory.
    Iterable<String> names() {
        return Collections.unmodifiableSet(members.sequencedKeySet());
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    /// The bytes of a member: a slice of the mapping where it is stored as it is, else unpacked into the arena's memory.
    MemorySegment bytes(String name, Arena arena) {
        Member member = members.get(name);
        if (member == null) {
            throw bad(Text.format("has no member '%s'", name));
        }
        if ((member.flags() & 1) != 0) {
            throw bad(Text.format("its member '%s' is encrypted", name));
        }
        MemorySegment head = slice(member.local(), LOCAL_BYTES, name);
        if (head.get(U4, 0) != LOCAL) {
            throw bad(Text.format("its member '%s' does not begin where the directory says", name));
        }
        long begin = member.local() + LOCAL_BYTES + two(head, 26) + two(head, 28);
        MemorySegment packed = slice(begin, member.compressed(), name);
        return switch (member.method()) {
            case STORED -> stored(name, member, packed);
            case DEFLATED -> inflated(name, member, packed, arena);
            default ->
                throw bad(Text.format(
                        "its member '%s' is compressed by method %d, expected stored or deflated",
                        name, member.method()));
        };
    }

    private MemorySegment stored(String name, Member member, MemorySegment packed) {
        if (member.size() != member.compressed()) {
            throw bad(Text.format(
                    "its member '%s' is stored in %d bytes and said to have %d",
                    name, member.compressed(), member.size()));
        }
        return packed;
    }

    private MemorySegment inflated(String name, Member member, MemorySegment packed, Arena arena) {
        if (member.size() > Integer.MAX_VALUE
                || packed.byteSize() > Integer.MAX_VALUE
                || member.size() > packed.byteSize() * LARGEST_RATIO) {
            throw bad(Text.format(
                    "its member '%s' unpacks to %d bytes of %d, more than is read; store it uncompressed",
                    name, member.size(), packed.byteSize()));
        }
        MemorySegment out =
                arena.allocate(Math.max(member.size(), 1), Long.BYTES).asSlice(0, member.size());
        var inflater = new Inflater(true);
        try {
            inflater.setInput(packed.asByteBuffer());
            var target = out.asByteBuffer();
            while (target.hasRemaining()) {
                if (inflater.inflate(target) == 0) {
                    throw bad(Text.format("its member '%s' ends early", name));
                }
            }
            return out;
        } catch (DataFormatException e) {
            throw new BadInputException(
                    Text.format("%s: its member '%s' is damaged (%s)", file, name, e.getMessage()), e);
        } finally {
            inflater.end();
        }
    }

    private void readMembers() {
        long end = end();
        MemorySegment record = slice(end, END_BYTES, "directory");
        long count = two(record, 10);
        long size = four(record, 12);
        long begin = four(record, 16);
        if (end >= LOCATOR_BYTES && all.get(U4, end - LOCATOR_BYTES) == LOCATOR_64) {
            MemorySegment record64 = slice(all.get(U8, end - LOCATOR_BYTES + 8), 56, "directory");
            if (record64.get(U4, 0) != END_64) {
                throw bad("its zip64 directory is damaged");
            }
            count = record64.get(U8, 32);
            size = record64.get(U8, 40);
            begin = record64.get(U8, 48);
        }
        MemorySegment directory = slice(begin, size, "directory");
        long at = 0;
        for (long i = 0; i < count; i++) {
            at += readMember(directory, at);
        }
    }

    /// The last place where the record that ends a zip file stands, its comment reaching just to the end.
    private long end() {
        long latest = all.byteSize() - END_BYTES;
        for (long at = latest; at >= Math.max(0, latest - LONGEST_COMMENT); at--) {
            if (all.get(U4, at) == END && two(all, at + 20) == latest - at) {
                return at;
            }
        }
        throw bad("has no zip directory at its end; it is cut off");
    }

    /// @return the bytes of the entry
    private long readMember(MemorySegment directory, long at) {
        if (directory.byteSize() - at < ENTRY_BYTES || directory.get(U4, at) != ENTRY) {
            throw bad("its zip directory is damaged");
        }
        int nameBytes = two(directory, at + 28);
        int extraBytes = two(directory, at + 30);
        long bytes = ENTRY_BYTES + nameBytes + extraBytes + two(directory, at + 32);
        if (bytes > directory.byteSize() - at) {
            throw bad("its zip directory is damaged");
        }
        String name = new String(
                directory.asSlice(at + ENTRY_BYTES, nameBytes).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        var wide = new Wide(directory.asSlice(at + ENTRY_BYTES + nameBytes, extraBytes));
        long size = wide.value(four(directory, at + 24));
        long compressed = wide.value(four(directory, at + 20));
        long local = wide.value(four(directory, at + 42));
        var member = new Member(two(directory, at + 8), two(directory, at + 10), compressed, size, local);
        if (members.put(name, member) != null) {
            throw bad(Text.format("its member '%s' stands twice", name));
        }
        return bytes;
    }

    /// The numbers of 64 bits that stand in for those that do not fit in 32, in their order.
    private final class Wide {
        private final MemorySegment extra;
        private long at;
        private long end;

        Wide(MemorySegment extra) {
            this.extra = extra;
            for (long field = 0; field + 4 <= extra.byteSize(); field += 4 + two(extra, field + 2)) {
                if (two(extra, field) == 1) {
                    at = field + 4;
                    end = Math.min(at + two(extra, field + 2), extra.byteSize());
                    return;
                }
            }
        }

        long value(long narrow) {
            if (narrow != 0xffffffffL) {
                return narrow;
            }
            if (at + Long.BYTES > end) {
                throw bad("its zip directory lacks a size of 64 bits");
            }
            at += Long.BYTES;
            return extra.get(U8, at - Long.BYTES);
        }
    }

    private MemorySegment slice(long begin, long size, String what) {
        if (begin < 0 || size < 0 || begin > all.byteSize() || size > all.byteSize() - begin) {
            throw bad(Text.format(
                    "cut off or damaged: '%s' takes %d bytes from %d and the file has %d",
                    what, size, begin, all.byteSize()));
        }
        return all.asSlice(begin, size);
    }

    private static int two(MemorySegment bytes, long at) {
        return Short.toUnsignedInt(bytes.get(U2, at));
    }

    private static long four(MemorySegment bytes, long at) {
        return Integer.toUnsignedLong(bytes.get(U4, at));
    }

    private BadInputException bad(String problem) {
        return new BadInputException(file + ": " + problem);
    }
}
