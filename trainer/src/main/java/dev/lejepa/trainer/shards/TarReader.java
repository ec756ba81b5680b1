package dev.lejepa.trainer.shards;

import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Optional;

/// Goes through the members of a tar file, POSIX's or GNU's. Names are taken as the bytes that they are, and nothing is
/// kept of members gone by: these are two reasons not to use a library for it.
final class TarReader {
    /// What is read at once: a member's header, and enough of the member for a label or the header of an image.
    private static final int WINDOW = 16 << 10;

    /// Names and extended headers are shorter than this unless they are damaged.
    private static final int LONGEST = 1 << 20;

    private final FileChannel channel;
    private final long length;
    private final ByteBuffer window = ByteBuffer.allocateDirect(WINDOW).limit(0);
    private long windowAt;
    private long next;

    TarReader(FileChannel channel) throws IOException {
        this.channel = channel;
        this.length = channel.size();
    }

    /// The next member; nothing at the end, which may come without the blocks of zeros that should mark it.
    Optional<TarMember> next() throws IOException, DamagedTarException {
        Optional<String> name = Optional.empty();
        var pax = PaxRecords.NONE;
        while (next < length) {
            var at = next;
            var header = header(at);
            if (header.isEnd()) {
                next = length;
                break;
            }
            if (!header.isWhole()) {
                throw new DamagedTarException(
                        at == 0
                                ? "is no tar file"
                                : Text.format("is damaged: at byte %,d there is no header of a member", at));
            }
            switch (header.type()) {
                case 'x', 'X' -> pax = PaxRecords.of(text(header, at));
                case 'L' -> name = Optional.of(PathText.decoded(untilZero(text(header, at))));
                case 'K', 'g' -> text(header, at); // where a link leads; what holds for all members, never their names
                default -> {
                    var given = pax.path().isPresent() ? pax.path() : name;
                    return Optional.of(member(header, at, pax, given.orElseGet(header::name)));
                }
            }
        }
        return Optional.empty();
    }

    private TarMember member(TarHeader header, long at, PaxRecords pax, String name)
            throws IOException, DamagedTarException {
        var kind = pax.isSparse() ? TarMember.Kind.SPARSE : kind(header.type(), name);
        var offset = at + TarHeader.BYTES;
        if (header.type() == 'S') {
            for (var more = header.goesOn(); more; offset += TarHeader.BYTES) {
                more = header(offset).holesGoOn();
            }
        }
        // links and folders say the size of what they stand for, which does not follow
        var size = kind == TarMember.Kind.LINK || header.type() >= '3' && header.type() <= '6'
                ? 0
                : pax.size().orElse(header.size());
        if (name.indexOf('\0') >= 0) {
            throw new DamagedTarException(Text.format("has a zero byte in a name: %s", Escapes.unprintable(name)));
        }
        pass(name, offset, size);
        return new TarMember(name, kind, offset, size);
    }

    private static TarMember.Kind kind(char type, String name) {
        return switch (type) {
            case '0' -> name.endsWith("/") ? TarMember.Kind.OTHER : TarMember.Kind.FILE;
            case '7' -> TarMember.Kind.FILE;
            case 'S' -> TarMember.Kind.SPARSE;
            case '1', '2' -> TarMember.Kind.LINK;
            default -> TarMember.Kind.OTHER;
        };
    }

    /// What follows a header that stands for a text.
    private byte[] text(TarHeader header, long at) throws IOException, DamagedTarException {
        var size = header.size();
        if (size < 0 || size > LONGEST) {
            throw new DamagedTarException(Text.format("is damaged: a name of %,d bytes at byte %,d", size, at));
        }
        pass("a name", at + TarHeader.BYTES, size);
        return bytes(at + TarHeader.BYTES, (int) size);
    }

    private static byte[] untilZero(byte[] text) {
        var end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        return Arrays.copyOf(text, end);
    }

    /// Goes on behind what lies at `offset`.
    private void pass(String name, long offset, long size) throws DamagedTarException {
        if (size < 0 || size > length - offset) {
            throw new DamagedTarException(Text.format(
                    "is cut off or damaged: %s goes on for %,d bytes from byte %,d, the file has %,d",
                    Escapes.unprintable(name), size, offset, length));
        }
        next = offset + (size + TarHeader.BYTES - 1) / TarHeader.BYTES * TarHeader.BYTES;
    }

    private TarHeader header(long at) throws IOException, DamagedTarException {
        if (length - at < TarHeader.BYTES) {
            throw new DamagedTarException(
                    Text.format("is cut off: after %,d bytes, within the header of a member", length));
        }
        return new TarHeader(bytes(at, TarHeader.BYTES));
    }

    /// Copies bytes of the file.
    byte[] bytes(long at, int count) throws IOException, DamagedTarException {
        var bytes = new byte[count];
        if (count > WINDOW) {
            requireAll(count, FileParts.read(channel, at, ByteBuffer.wrap(bytes)));
            return bytes;
        }
        if (at < windowAt || at + count > windowAt + window.limit()) {
            FileParts.read(channel, at, window.clear());
            window.flip();
            windowAt = at;
            requireAll(count, window.limit());
        }
        window.get((int) (at - windowAt), bytes);
        return bytes;
    }

    private static void requireAll(int count, int read) throws DamagedTarException {
        if (read < count) {
            throw new DamagedTarException("became shorter while it was read");
        }
    }
}
