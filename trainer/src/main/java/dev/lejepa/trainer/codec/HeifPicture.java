package dev.lejepa.trainer.codec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The main picture of a file that libheif has opened: upright, as the file's own rotations and mirrorings make it. Used
/// by one thread.
public final class HeifPicture implements AutoCloseable {
    // arguments of libheif's functions
    private static final int RGB = 1;
    private static final int INTERLEAVED_RGB = 10;
    private static final int INTERLEAVED = 10;

    private final Heif heif;
    private final MemorySegment context;
    private final MemorySegment handle;

    private HeifPicture(Heif heif, MemorySegment context, MemorySegment handle) {
        this.heif = heif;
        this.context = context;
        this.handle = handle;
    }

    static HeifPicture open(Heif heif, MemorySegment file) throws CodecException {
        MemorySegment context = heif.createContext.call();
        boolean opened = false;
        try (Arena arena = Arena.ofConfined()) {
            heif.check(heif.read, context, file, file.byteSize(), MemorySegment.NULL);
            MemorySegment place = arena.allocate(ADDRESS);
            heif.check(heif.primary, context, place);
            opened = true;
            return new HeifPicture(heif, context, place.get(ADDRESS, 0));
        } finally {
            if (!opened) {
                heif.freeContext.call(context);
            }
        }
    }

    /// Of the upright picture, as the file says.
    public PictureSize size() {
        return new PictureSize(heif.handleWidth.<Integer>call(handle), heif.handleHeight.<Integer>call(handle));
    }

    /// Decodes it to 8 bits, without its alpha.
    ///
    /// @throws CodecException if it is damaged, or of another size than [#size]
    public void decode(RowSink sink) throws CodecException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(ADDRESS);
            heif.check(heif.decode, handle, place, RGB, INTERLEAVED_RGB, MemorySegment.NULL);
            MemorySegment image = place.get(ADDRESS, 0);
            try {
                copy(arena, image, sink);
            } finally {
                heif.freeImage.call(image);
            }
        }
    }

    @SuppressWarnings("restricted") // the plane's own size
    private void copy(Arena arena, MemorySegment image, RowSink sink) throws CodecException {
        PictureSize size = new PictureSize(
                heif.imageWidth.<Integer>call(image, INTERLEAVED), heif.imageHeight.<Integer>call(image, INTERLEAVED));
        if (!size.equals(size())) {
            throw new CodecException(
                    "decoded to " + size.width() + " x " + size.height() + " pixels where its header says "
                            + size().width() + " x " + size().height(),
                    false);
        }
        MemorySegment stride = arena.allocate(JAVA_INT);
        MemorySegment plane = heif.plane.call(image, INTERLEAVED, stride);
        byte[] row = new byte[3 * size.width()];
        long step = stride.get(JAVA_INT, 0);
        MemorySegment pixels = plane.reinterpret(step * (size.height() - 1) + row.length);
        for (int y = 0; y < size.height(); y++) {
            MemorySegment.copy(pixels, JAVA_BYTE, step * y, row, 0, row.length);
            sink.put(y, row);
        }
    }

    @Override
    public void close() {
        heif.freeHandle.call(handle);
        heif.freeContext.call(context);
    }
}
