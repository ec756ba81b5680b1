package dev.lejepa.trainer.image;

import dev.lejepa.trainer.codec.Part;
import dev.lejepa.trainer.codec.PictureSize;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// A decoded image: 8-bit red, green, blue, interleaved row by row. Ordinary images lie in a heap array, which
/// [#reshape] keeps wherever it is large enough; large ones outside of the heap, until the next image takes their place
/// or [#close] is called.
///
/// A decoder calls [#reshape] with the size as stored, then [#putRow] for each stored row; the rows land where they
/// belong in the upright picture.
public final class RgbImage implements AutoCloseable {
    private final ImageMemory memory;
    private int width;
    private int height;
    private Orientation orientation = Orientation.UPRIGHT;
    private PictureSize whole = new PictureSize(0, 0);
    private int reduction = 1;
    private Part part = Part.of(whole);
    private byte[] array = new byte[0];
    private MemorySegment pixels = MemorySegment.ofArray(array);
    private Optional<ImageMemory.Block> block = Optional.empty();

    /// An empty image, to be filled by a decoder.
    public RgbImage() {
        this(new ImageMemory());
    }

    /// An empty image, to be filled by a decoder.
    ///
    /// @param memory where it lies if it is large
    public RgbImage(ImageMemory memory) {
        this.memory = memory;
    }

    /// An image over the given pixels, which are not copied.
    ///
    /// @param data at least `3 * width * height` bytes
    public RgbImage(int width, int height, byte[] data) {
        this(new ImageMemory(), width, height, data);
    }

    private RgbImage(ImageMemory memory, int width, int height, byte[] data) {
        this(memory);
        if (width < 1 || height < 1 || data.length < 3L * width * height) {
            throw new IllegalArgumentException(data.length + " bytes for an image of " + width + " x " + height);
        }
        this.width = width;
        this.height = height;
        setWhole(new PictureSize(width, height));
        this.array = data;
        this.pixels = MemorySegment.ofArray(array);
    }

    /// How the images to come are stored: [#reshape] and [#putRow] turn them upright.
    void stored(Orientation orientation) {
        this.orientation = orientation;
    }

    /// Makes room for an image of another size; the pixels are unspecified afterwards.
    ///
    /// @param width of the image as stored
    /// @param height of the image as stored
    /// @throws OutOfMemoryError if the machine has no room for it
    public void reshape(int width, int height) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("an image of " + width + " x " + height);
        }
        close();
        long bytes = 3L * width * height;
        if (!memory.inHeap(bytes)) {
            block = Optional.of(memory.take(bytes));
            pixels = block.get().segment();
            array = new byte[0];
        } else if (array.length < bytes) {
            array = new byte[(int) bytes];
            pixels = MemorySegment.ofArray(array);
        }
        this.width = orientation.swaps() ? height : width;
        this.height = orientation.swaps() ? width : height;
        setWhole(new PictureSize(this.width, this.height));
    }

    /// Makes room for a reduced image.
    ///
    /// @param size of the whole image as stored
    /// @param by so many of its columns, and rows, become one
    /// @throws OutOfMemoryError if the machine has no room for it
    void reshapeReduced(PictureSize size, int by) {
        PictureSize reduced = size.reduced(by);
        reshape(reduced.width(), reduced.height());
        setWhole(orientation.swaps() ? new PictureSize(size.height(), size.width()) : size);
        reduction = by;
    }

    /// Makes room for a part of an image that is stored upright.
    ///
    /// @param size of the whole image
    /// @param by so many of its columns, and rows, become one
    /// @param kept of the reduced image
    /// @throws OutOfMemoryError if the machine has no room for it
    void reshapePart(PictureSize size, int by, Part kept) {
        reshape(kept.size().width(), kept.size().height());
        setWhole(size);
        reduction = by;
        part = kept;
    }

    private void setWhole(PictureSize size) {
        whole = size;
        reduction = 1;
        part = Part.of(size);
    }

    /// Writes a row of the image as it is stored.
    ///
    /// @param y row as stored
    /// @param rgb three bytes a pixel
    /// @param from place of the row's first byte
    public void putRow(int y, byte[] rgb, int from) {
        int count = orientation.swaps() ? height : width;
        if (orientation.step(width) == 3) {
            long at = orientation.place(y, width, height);
            MemorySegment.copy(rgb, from, pixels, ValueLayout.JAVA_BYTE, at, 3 * count);
        } else {
            putPixels(y, 0, 1, rgb, from, count);
        }
    }

    /// Writes pixels of a row of the image as it is stored: those in columns `x`, `x + every` and so on.
    ///
    /// @param y row as stored
    /// @param rgb three bytes a pixel
    /// @param from place of the first pixel
    /// @param count number of pixels
    void putPixels(int y, int x, int every, byte[] rgb, int from, int count) {
        long step = orientation.step(width);
        long at = orientation.place(y, width, height) + x * step;
        for (int n = 0, i = from; n < count; n++, i += 3, at += every * step) {
            pixels.set(ValueLayout.JAVA_BYTE, at, rgb[i]);
            pixels.set(ValueLayout.JAVA_BYTE, at + 1, rgb[i + 1]);
            pixels.set(ValueLayout.JAVA_BYTE, at + 2, rgb[i + 2]);
        }
    }

    /// Copies `count` pixels of a row, beginning with column `x`, to the start of `rgb`.
    public void getRow(int y, int x, int count, byte[] rgb) {
        getRow(y, x, count, rgb, 0);
    }

    /// Copies `count` pixels of a row, beginning with column `x`.
    ///
    /// @param to place of the first pixel in `rgb`
    void getRow(int y, int x, int count, byte[] rgb, int to) {
        MemorySegment.copy(pixels, ValueLayout.JAVA_BYTE, 3 * ((long) y * width + x), rgb, to, 3 * count);
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /// Columns of the picture that this is made from: more than [#width] where it is reduced, or a part of it.
    public int wholeWidth() {
        return whole.width();
    }

    /// Rows of the picture that this is made from.
    public int wholeHeight() {
        return whole.height();
    }

    /// Where a box of the whole picture lies in this image, to the nearest pixels: in a reduced one its edges move by
    /// half a pixel at most.
    Box located(Box box) {
        Box found = box;
        if (reduction > 1) {
            PictureSize reduced = whole.reduced(reduction);
            found = box.reduced(reduction, reduced.width(), reduced.height());
        }
        return found.from(part.top(), part.left());
    }

    /// The pixels `[height, width, 3]` of the upright picture; may be followed by unused bytes.
    public MemorySegment pixels() {
        return pixels;
    }

    /// Whether rows are stored from the top down, each from left to right.
    boolean isStoredUpright() {
        return orientation == Orientation.UPRIGHT;
    }

    /// Number of bytes of the pixels.
    public long bytes() {
        return 3L * width * height;
    }

    /// A copy of the pixels `[height, width, 3]`, which must fit into an array.
    public byte[] toArray() {
        byte[] copy = new byte[Math.toIntExact(bytes())];
        MemorySegment.copy(pixels, ValueLayout.JAVA_BYTE, 0, copy, 0, copy.length);
        return copy;
    }

    /// A copy in the heap without spare bytes.
    public RgbImage copy() {
        RgbImage copy = new RgbImage(memory, width, height, toArray());
        copy.whole = whole;
        copy.reduction = reduction;
        copy.part = part;
        return copy;
    }

    /// Gives back what lies outside of the heap; there is no picture then until the next [#reshape]. Does nothing to an
    /// image in the heap.
    @Override
    public void close() {
        if (block.isPresent()) {
            width = 0;
            height = 0;
            setWhole(new PictureSize(0, 0));
            pixels = MemorySegment.ofArray(array);
            block.get().close();
            block = Optional.empty();
        }
    }
}
