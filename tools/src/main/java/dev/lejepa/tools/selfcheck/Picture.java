package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.trainer.image.Normalizer;
import dev.lejepa.trainer.image.PlanarImage;
import dev.lejepa.trainer.image.RgbImage;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Between the arrays of cases and the trainer's images.
final class Picture {
    private Picture() {}

    /// A `uint8` tensor `[height, width, 3]` of a case.
    static RgbImage read(GoldenCase golden, String tensor) {
        var shape = golden.tensor(tensor).shape();
        if (shape.size() != 3 || shape.getLast() != 3) {
            throw new BadInputException(
                    Text.format("%s: %s is %s, expected [height, width, 3]", golden, tensor, shape));
        }
        return new RgbImage(Math.toIntExact(shape.get(1)), Math.toIntExact(shape.get(0)), golden.bytes(tensor));
    }

    static PlanarImage planar(RgbImage image) {
        var planar = new PlanarImage();
        planar.load(image);
        return planar;
    }

    /// Levels `[height, width, 3]`.
    static NdArray array(PlanarImage image) {
        var rgb = new RgbImage();
        image.store(rgb);
        return array(rgb);
    }

    /// Levels `[height, width, 3]`.
    static NdArray array(RgbImage image) {
        var pixels = image.toArray();
        var levels = new double[pixels.length];
        for (var i = 0; i < levels.length; i++) {
            levels[i] = Byte.toUnsignedInt(pixels[i]);
        }
        return NdArray.of(Shape.of(image.height(), image.width(), 3), levels);
    }

    /// The first color alone, `[height, width, 1]`.
    static NdArray firstColor(PlanarImage image) {
        var all = array(image).data();
        var levels = new double[all.length / 3];
        for (var i = 0; i < levels.length; i++) {
            levels[i] = all[3 * i];
        }
        return NdArray.of(Shape.of(image.height(), image.width(), 1), levels);
    }

    /// What a network reads, `[3, height, width]`.
    static NdArray normalized(PlanarImage image, List<Double> mean, List<Double> std) {
        var levels = new byte[3 * image.pixels()];
        image.write(MemorySegment.ofArray(levels), 0);
        return normalized(levels, image.height(), image.width(), mean, std);
    }

    /// The same of levels `[3, height, width]`.
    static NdArray normalized(byte[] levels, int height, int width, List<Double> mean, List<Double> std) {
        var floats = new float[levels.length];
        new Normalizer(mean, std, height * width).write(MemorySegment.ofArray(levels), MemorySegment.ofArray(floats));
        return NdArray.of(Shape.of(3, height, width), floats);
    }
}
