package dev.lejepa.trainer.layout;

import dev.lejepa.trainer.data.ImageFacts;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.RgbImage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Images of 32 x 32 pixels in a few files: of each all red bytes, row by row, then all green, then all blue.
///
/// @param place what messages call them
/// @param root of the files
record CifarImages(String place, Path root, List<String> classes, List<Batch> batches) implements ImageSource {
    static final int SIDE = 32;
    static final int PLANE = SIDE * SIDE;
    static final int PIXEL_BYTES = 3 * PLANE;

    /// A file of images, one after another.
    ///
    /// @param name of the file, relative to the root
    /// @param data the file, or its array of pixels
    /// @param stride bytes from one image to the next
    /// @param skipped bytes before an image's pixels
    /// @param labels one an image
    record Batch(Path name, MemorySegment data, long stride, long skipped, int[] labels) {
        int size() {
            return labels.length;
        }

        /// Copies the pixels of an image.
        void read(int image, byte[] planes) {
            MemorySegment.copy(data, ValueLayout.JAVA_BYTE, image * stride + skipped, planes, 0, PIXEL_BYTES);
        }
    }

    /// Where an image lies.
    private record Place(Batch batch, int image) {}

    CifarImages {
        classes = List.copyOf(classes);
        batches = List.copyOf(batches);
    }

    private Place place(int image) {
        int left = image;
        for (Batch batch : batches) {
            if (left < batch.size()) {
                return new Place(batch, left);
            }
            left -= batch.size();
        }
        throw new IndexOutOfBoundsException(image);
    }

    @Override
    public int size() {
        return batches.stream().mapToInt(Batch::size).sum();
    }

    @Override
    public int label(int image) {
        Place place = place(image);
        return place.batch().labels()[place.image()];
    }

    @Override
    public Path name(int image) {
        Place place = place(image);
        return place.batch().name().resolve(Integer.toString(place.image()));
    }

    @Override
    public Path file(int image) {
        return root.resolve(place(image).batch().name());
    }

    @Override
    public long bytes(int image) {
        return PIXEL_BYTES;
    }

    @Override
    public ImageFacts facts(int image) {
        return new ImageFacts(Optional.empty(), SIDE, SIDE);
    }

    @Override
    public void decode(int image, ImageDecoder decoder, RgbImage out) {
        byte[] planes = new byte[PIXEL_BYTES];
        Place place = place(image);
        place.batch().read(place.image(), planes);
        out.reshape(SIDE, SIDE);
        byte[] row = new byte[3 * SIDE];
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                for (int color = 0; color < 3; color++) {
                    row[3 * x + color] = planes[color * PLANE + y * SIDE + x];
                }
            }
            out.putRow(y, row, 0);
        }
    }

    @Override
    public Optional<MemorySegment> encoded(int image, SegmentAllocator room) {
        return Optional.empty();
    }

    @Override
    public List<String> notes() {
        return List.of();
    }
}
