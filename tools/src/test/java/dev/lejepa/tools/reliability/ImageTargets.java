package dev.lejepa.tools.reliability;

import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.ImageHeader;
import dev.lejepa.trainer.image.RgbImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/// Images of every format, a target for each, since each has a decoder of its own. The seeds were written by Pillow.
final class ImageTargets {
    private static final int PNG_SIGNATURE = 8;

    private ImageTargets() {}

    static FuzzTarget jpeg(Path scratch) throws IOException {
        var files = List.of("baseline.jpg", "progressive.jpg", "gray.jpg", "cmyk.jpg", "restart.jpg");
        var markers = Stream.of("d8", "d9", "da", "c0", "c2", "c4", "db", "dd", "d0", "e1", "ee")
                .map(code -> "\u00ff" + (char) Integer.parseInt(code, 16));
        var words = Stream.concat(markers, Stream.of("Exif\u0000\u0000MM\u0000*", "\u00ff"))
                .toList();
        return target(Format.JPEG, scratch, files, words);
    }

    static FuzzTarget png(Path scratch) throws IOException {
        var files = List.of("rgb.png", "palette.png", "bits.png", "rgba.png", "gray16.png", "interlaced.png");
        var words = List.of("IHDR", "IDAT", "PLTE", "tRNS", "IEND", "eXIf", "zTXt", "iTXt", "acTL", "fdAT", "x\u009c");
        return target(Format.PNG, scratch, files, words).repairedBy(ImageTargets::withChecksums);
    }

    static FuzzTarget webp(Path scratch) throws IOException {
        var files = List.of("lossy.webp", "lossless.webp", "alpha.webp", "animated.webp");
        var words = List.of("RIFF", "VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "EXIF", "XMP ", "\u009d\u0001*");
        return target(Format.WEBP, scratch, files, words).repairedBy(ImageTargets::withRiffLength);
    }

    static FuzzTarget bmp(Path scratch) throws IOException {
        var files = List.of("rgb.bmp", "palette.bmp", "bits.bmp", "rle8.bmp");
        var words = List.of("BM", "\u000c\u0000\u0000\u0000", "(\u0000\u0000\u0000", "|\u0000\u0000\u0000");
        return target(Format.BMP, scratch, files, words);
    }

    static FuzzTarget gif(Path scratch) throws IOException {
        var files = List.of("plain.gif", "animated.gif");
        var words = List.of("GIF87a", "GIF89a", "!\u00f9\u0004", ",", ";", "!\u00ff\u000bNETSCAPE2.0");
        return target(Format.GIF, scratch, files, words);
    }

    static FuzzTarget tiff(Path scratch) throws IOException {
        var files = List.of("raw.tif", "lzw.tif", "deflate.tif", "packbits.tif");
        var words = List.of("II*\u0000", "MM\u0000*", "\u0001\u0001\u0003\u0000", "\u0011\u0001\u0004\u0000");
        return target(Format.TIFF, scratch, files, words);
    }

    static FuzzTarget pnm(Path scratch) throws IOException {
        var files = List.of("color.ppm", "gray.pgm", "bits.pbm", "text.ppm");
        return target(Format.PNM, scratch, files, List.of("P1\n", "P4\n", "P6 ", "#", "\n", " 65535\n", "255"));
    }

    private static FuzzTarget target(Format format, Path scratch, List<String> files, List<String> words)
            throws IOException {
        var seeds = new ArrayList<byte[]>();
        for (var file : files) {
            try (var in = ImageTargets.class.getResourceAsStream("images/" + file)) {
                seeds.add(Objects.requireNonNull(in, file).readAllBytes());
            }
        }
        var file = scratch.resolve("fuzz." + format.word());
        return FuzzTarget.of(format, seeds, words, input -> {
            Files.write(file, input);
            ImageHeader.read(file);
            new ImageDecoder().decode(file.toString(), input, input.length, new RgbImage());
        });
    }

    /// A PNG file whose chunks have the checksums of what they hold.
    private static byte[] withChecksums(byte[] file) {
        var png = ByteBuffer.wrap(file.clone());
        var at = PNG_SIGNATURE;
        while (at + 12 <= file.length) {
            var end = at + 8L + Integer.toUnsignedLong(png.getInt(at));
            if (end + 4 > file.length) {
                break;
            }
            var crc = new CRC32();
            crc.update(file, at + 4, (int) end - at - 4);
            png.putInt((int) end, (int) crc.getValue());
            at = (int) end + 4;
        }
        return png.array();
    }

    private static byte[] withRiffLength(byte[] file) {
        var riff =
                ByteBuffer.wrap(Arrays.copyOf(file, Math.max(8, file.length))).order(ByteOrder.LITTLE_ENDIAN);
        return riff.putInt(4, riff.capacity() - 8).array();
    }
}
