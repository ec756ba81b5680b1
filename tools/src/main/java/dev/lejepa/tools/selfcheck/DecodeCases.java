package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.RgbImage;
import java.util.Locale;

/// Family 10, decoding: lossless files to the last level; for JPEG decoders may differ by a level or so.
final class DecodeCases {
    private static final double MEAN_LEVELS = 1;
    private static final double MOST_LEVELS = 8;

    private DecodeCases() {}

    static void check(GoldenCase golden, Comparison results) {
        var files = golden.document().object("image_files");
        for (var name : files.keys()) {
            var file = files.text(name);
            var tensor = "pixels/" + name;
            var image = new RgbImage();
            try {
                new ImageDecoder().decode(golden.file(file), image);
            } catch (BrokenImageException e) {
                results.fault(Text.format("%s: %s", file, e.getMessage()));
                continue;
            }
            if (isLossless(file)) {
                results.expect(tensor, Picture.array(image));
            } else {
                nearly(golden, tensor, image, results);
            }
        }
    }

    private static boolean isLossless(String file) {
        var lower = file.toLowerCase(Locale.ROOT);
        return lower.endsWith(".png") || lower.endsWith(".bmp");
    }

    private static void nearly(GoldenCase golden, String tensor, RgbImage image, Comparison results) {
        var expected = golden.array(tensor);
        var actual = Picture.array(image);
        if (!actual.shape().equals(expected.shape())) {
            results.fault(Text.format("%s is %s, expected %s", tensor, actual.shape(), expected.shape()));
            return;
        }
        var sum = 0.0;
        var most = 0.0;
        for (var i = 0; i < expected.size(); i++) {
            var difference = Math.abs(actual.get(i) - expected.get(i));
            sum += difference;
            most = Math.max(most, difference);
        }
        results.judge(tensor, sum / expected.size(), MEAN_LEVELS);
        results.judge(tensor + " (largest difference)", most, MOST_LEVELS);
    }
}
