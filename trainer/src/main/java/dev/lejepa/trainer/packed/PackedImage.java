package dev.lejepa.trainer.packed;

import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.image.Box;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.ImageFormat;
import dev.lejepa.trainer.image.ImageHeader;
import dev.lejepa.trainer.image.ImageMemory;
import dev.lejepa.trainer.image.JpegEncoder;
import dev.lejepa.trainer.image.PlanarImage;
import dev.lejepa.trainer.image.Resizer;
import dev.lejepa.trainer.image.RgbImage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// An image as it will lie in a packed file.
///
/// @param format of its file; nothing where its pixels lie bare
/// @param width of the upright picture
/// @param height of the upright picture
/// @param bytes in the heap
record PackedImage(Optional<ImageFormat> format, int width, int height, byte[] bytes) {
    /// Makes such images on one thread.
    static final class Maker {
        private final ImageSource source;
        private final PackSettings settings;
        private final JpegEncoder encoder;
        private final ImageDecoder decoder;
        private final Resizer resizer = new Resizer();
        private final PlanarImage reduced = new PlanarImage();
        private final RgbImage image;
        private final RgbImage small = new RgbImage();

        Maker(ImageSource source, PackSettings settings, long maxPixels, ImageMemory memory) {
            this.source = source;
            this.settings = settings;
            this.encoder = new JpegEncoder(settings.quality());
            this.decoder = new ImageDecoder(maxPixels);
            this.image = new RgbImage(memory);
        }

        /// @throws BrokenImageException if the image cannot be read, or not written in this form
        PackedImage make(int number) throws BrokenImageException {
            try (Arena arena = Arena.ofConfined()) {
                String name = source.name(number).toString();
                Optional<MemorySegment> file = source.encoded(number, arena);
                if (settings.form() == PackForm.ORIGINAL) {
                    MemorySegment bytes = file.orElseThrow(() -> new BrokenImageException(name, "is no file"));
                    return of(ImageHeader.of(name, bytes), bytes);
                }
                if (settings.form() == PackForm.JPEG && file.isPresent()) {
                    ImageHeader header = ImageHeader.of(name, file.get());
                    if (header.format() == ImageFormat.JPEG && !isReduced(header.width(), header.height())) {
                        return of(header, file.get());
                    }
                }
                return redone(number, name, arena);
            } finally {
                image.close();
            }
        }

        private static PackedImage of(ImageHeader header, MemorySegment bytes) {
            return new PackedImage(
                    Optional.of(header.format()),
                    header.width(),
                    header.height(),
                    bytes.toArray(ValueLayout.JAVA_BYTE));
        }

        private PackedImage redone(int number, String name, Arena arena) throws BrokenImageException {
            source.decode(number, decoder, image);
            RgbImage picture = isReduced(image.width(), image.height()) ? reduce(image) : image;
            return switch (settings.form()) {
                case JPEG -> packed(Optional.of(ImageFormat.JPEG), picture, jpeg(name, picture, arena));
                case RAW -> packed(Optional.empty(), picture, raw(name, picture));
                case ORIGINAL -> throw new IllegalStateException("files are not decoded");
            };
        }

        private static PackedImage packed(Optional<ImageFormat> format, RgbImage picture, byte[] bytes) {
            return new PackedImage(format, picture.width(), picture.height(), bytes);
        }

        private byte[] jpeg(String name, RgbImage picture, Arena arena) throws BrokenImageException {
            return encoder.encode(name, picture, arena).toArray(ValueLayout.JAVA_BYTE);
        }

        private static byte[] raw(String name, RgbImage picture) throws BrokenImageException {
            if (picture.bytes() > Integer.MAX_VALUE - 8) {
                throw new BrokenImageException(
                        name, Text.format("%d x %d pixels have more than 2 GiB", picture.width(), picture.height()));
            }
            return picture.toArray();
        }

        private boolean isReduced(int width, int height) {
            return settings.shorter().isPresent()
                    && Math.min(width, height) > settings.shorter().getAsInt();
        }

        private RgbImage reduce(RgbImage from) {
            int side = Math.min(from.width(), from.height());
            resizer.resize(from, Box.of(from), reduced(from.height(), side), reduced(from.width(), side), reduced);
            reduced.store(small);
            return small;
        }

        private int reduced(int length, int side) {
            return (int) ((long) length * settings.shorter().getAsInt() / side);
        }
    }
}
