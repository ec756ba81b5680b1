package dev.lejepa.trainer.data;

import dev.lejepa.graphs.recipe.DataSpec;
import dev.lejepa.graphs.recipe.JpegDecoding;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.Crops;
import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.ImageMemory;
import dev.lejepa.trainer.image.RgbImage;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/// The decoded images of a source. All headers are scanned when it is opened; data that fits is kept decoded, so that
/// each file is read once. Shared by all threads, each of which has a [reader][Reader] of its own. The source is the
/// store's from then on: closing the store closes it.
public final class ImageStore implements AutoCloseable {
    /// What is worth keeping decoded, in bytes: small data sets, where decoding would be a large part of the work.
    /// No more than a quarter of the heap, which has other uses.
    public static final long CACHE_BYTES =
            Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 4);

    private static final long NO_SIZE = -1;

    private final ImageSource source;
    private final long maxPixels;
    private final JpegDecoding jpeg;
    private final ImageMemory memory = new ImageMemory();
    private final BrokenFiles broken;
    /// One entry per image where images are kept, else none at all.
    private final AtomicReferenceArray<RgbImage> kept;
    /// Of each file, as the scan found it.
    private final long[] fileBytes;

    private ImageStore(
            ImageSource source, long maxPixels, JpegDecoding jpeg, BrokenFiles broken, boolean keep, long[] fileBytes) {
        this.source = source;
        this.jpeg = jpeg;
        this.fileBytes = fileBytes;
        this.maxPixels = maxPixels;
        this.broken = broken;
        this.kept = new AtomicReferenceArray<>(keep ? source.size() : 0);
    }

    /// Scans the headers of all images.
    ///
    /// @param maxPixels an image whose header claims more counts as unreadable
    /// @param maxBroken share of unreadable images that is tolerated
    /// @param cacheBytes images are kept in memory if all of them decoded take at most this
    /// @throws dev.lejepa.graphs.BadInputException if more are unreadable; the source is closed then
    public static ImageStore open(ImageSource source, long maxPixels, double maxBroken, long cacheBytes) {
        return open(source, maxPixels, maxBroken, JpegDecoding.EXACT, cacheBytes);
    }

    /// As above, with the limits and the way of decoding JPEG that a recipe asks for.
    public static ImageStore open(ImageSource source, DataSpec data, long cacheBytes) {
        return open(source, data.maxPixels(), data.maxBroken(), data.jpeg(), cacheBytes);
    }

    private static ImageStore open(
            ImageSource source, long maxPixels, double maxBroken, JpegDecoding jpeg, long cacheBytes) {
        try {
            return scanned(source, maxPixels, maxBroken, jpeg, cacheBytes);
        } catch (RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    private static ImageStore scanned(
            ImageSource source, long maxPixels, double maxBroken, JpegDecoding jpeg, long cacheBytes) {
        BrokenFiles broken = new BrokenFiles(source, maxBroken);
        long[] fileBytes = new long[source.size()];
        long bytes = IntStream.range(0, source.size())
                .parallel()
                .mapToLong(image -> {
                    fileBytes[image] = fileBytes(source, image);
                    return scan(source, maxPixels, broken, image);
                })
                .sum();
        broken.requireFew();
        return new ImageStore(source, maxPixels, jpeg, broken, bytes <= cacheBytes, fileBytes);
    }

    private static long fileBytes(ImageSource source, int image) {
        try {
            return source.bytes(image);
        } catch (IOException e) {
            return NO_SIZE; // what is wrong with it is told where it is read
        }
    }

    /// Bytes of the decoded image, by its header.
    private static long scan(ImageSource source, long maxPixels, BrokenFiles broken, int image) {
        try {
            return 3 * source.pixels(image, maxPixels);
        } catch (BrokenImageException e) {
            broken.add(image, e.reason());
            return 0;
        }
    }

    public ImageSource source() {
        return source;
    }

    /// What the source holds, readable or not.
    public ImageCensus census() {
        return ImageCensus.of(source, fileBytes);
    }

    /// The unreadable images found so far.
    public BrokenFiles broken() {
        return broken;
    }

    /// Closes the source. Nobody reads any more.
    @Override
    public void close() {
        source.close();
    }

    /// A reader for one thread.
    Reader reader() {
        return new Reader();
    }

    /// Reads images on one thread.
    final class Reader {
        private final ImageDecoder decoder = new ImageDecoder(maxPixels, jpeg);
        private final RgbImage scratch = new RgbImage(memory);

        private Reader() {}

        /// All pixels of an image, to be used before [#release] and not to be changed; or nothing if it cannot be read,
        /// and then it is counted among the broken ones.
        ///
        /// @throws dev.lejepa.graphs.BadInputException if that makes too many
        Optional<RgbImage> read(int image) {
            return read(image, Crops.Rule.NONE);
        }

        /// As above, but no more of the image than some crops need. An image that is kept is kept whole.
        Optional<RgbImage> read(int image, Crops.Rule crops) {
            if (broken.contains(image)) {
                return Optional.empty();
            }
            if (kept.length() == 0) {
                return decode(image, crops);
            }
            RgbImage known = kept.get(image);
            if (known != null) {
                return Optional.of(known);
            }
            try {
                Optional<RgbImage> copy = decode(image, Crops.Rule.NONE).map(RgbImage::copy);
                copy.ifPresent(pixels -> kept.set(image, pixels));
                return copy;
            } finally {
                release();
            }
        }

        /// Says that the image read last is used no more. Other threads may wait for the room that it takes.
        void release() {
            scratch.close();
        }

        private Optional<RgbImage> decode(int image, Crops.Rule crops) {
            try {
                decoder.cut(crops);
                source.decode(image, decoder, scratch);
                return Optional.of(scratch);
            } catch (BrokenImageException e) {
                release();
                broken.add(image, e.reason());
                broken.requireFew();
                return Optional.empty();
            }
        }
    }
}
