package dev.lejepa.graphs.models;

import dev.lejepa.graphs.models.RegNet.Downsample;
import dev.lejepa.graphs.nn.Act;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// timm's names of RegNets, with the arguments that they stand for. The number in a name is that of 100 M
/// multiplications at 224 pixels.
final class RegNetNames {
    private final SequencedMap<String, Backbone> models = new LinkedHashMap<>();

    private RegNetNames() {}

    static SequencedMap<String, Backbone> table() {
        var names = new RegNetNames();
        names.x();
        names.y();
        names.others();
        return names.models;
    }

    private void x() {
        put("regnetx_002", 224, 13, 24, 36.44, 2.49, 8, 0, 0);
        put("regnetx_004", 224, 22, 24, 24.48, 2.54, 16, 0, 0);
        put("regnetx_004_tv", 224, 22, 24, 24.48, 2.54, 16, 0, 0.9);
        put("regnetx_006", 224, 16, 48, 36.97, 2.24, 24, 0, 0);
        put("regnetx_008", 224, 16, 56, 35.73, 2.28, 16, 0, 0);
        put("regnetx_016", 224, 18, 80, 34.01, 2.25, 24, 0, 0);
        put("regnetx_032", 224, 25, 88, 26.31, 2.25, 48, 0, 0);
        put("regnetx_040", 224, 23, 96, 38.65, 2.43, 40, 0, 0);
        put("regnetx_064", 224, 17, 184, 60.83, 2.07, 56, 0, 0);
        put("regnetx_080", 224, 23, 80, 49.56, 2.88, 120, 0, 0);
        put("regnetx_120", 224, 19, 168, 73.36, 2.37, 112, 0, 0);
        put("regnetx_160", 224, 22, 216, 55.59, 2.1, 128, 0, 0);
        put("regnetx_320", 224, 23, 320, 69.86, 2.0, 168, 0, 0);
    }

    /// With squeeze-and-excitation.
    private void y() {
        put("regnety_002", 224, 13, 24, 36.44, 2.49, 8, 0.25, 0);
        put("regnety_004", 224, 16, 48, 27.89, 2.09, 8, 0.25, 0);
        put("regnety_006", 224, 15, 48, 32.54, 2.32, 16, 0.25, 0);
        put("regnety_008", 224, 14, 56, 38.84, 2.4, 16, 0.25, 0);
        put("regnety_008_tv", 224, 14, 56, 38.84, 2.4, 16, 0.25, 0.9);
        put("regnety_016", 224, 27, 48, 20.71, 2.65, 24, 0.25, 0);
        put("regnety_032", 224, 21, 80, 42.63, 2.66, 24, 0.25, 0);
        put("regnety_040", 224, 22, 96, 31.41, 2.24, 64, 0.25, 0);
        put("regnety_064", 224, 25, 112, 33.22, 2.27, 72, 0.25, 0);
        put("regnety_080", 224, 17, 192, 76.82, 2.19, 56, 0.25, 0);
        put("regnety_080_tv", 224, 17, 192, 76.82, 2.19, 56, 0.25, 0.9);
        put("regnety_120", 224, 19, 168, 73.36, 2.37, 112, 0.25, 0);
        put("regnety_160", 224, 18, 200, 106.23, 2.48, 112, 0.25, 0);
        put("regnety_320", 224, 20, 232, 115.89, 2.53, 232, 0.25, 0);
        put("regnety_640", 384, 20, 352, 147.48, 2.4, 328, 0.25, 0);
        put("regnety_1280", 384, 27, 456, 160.83, 2.52, 264, 0.25, 0);
        put("regnety_2560", 384, 27, 640, 230.83, 2.53, 373, 0.25, 0);
    }

    private void put(
            String name, int pixels, int depth, int w0, double wa, double wm, int group, double se, double groupMin) {
        models.put(
                name,
                new RegNet(
                        ConvNetSettings.at(pixels),
                        depth,
                        w0,
                        wa,
                        wm,
                        group,
                        1,
                        se,
                        groupMin,
                        32,
                        Downsample.CONV1X1,
                        false,
                        false,
                        0,
                        Act.RELU,
                        true));
    }

    private void others() {
        models.put("regnetv_040", preact(22, 96, 31.41, 2.24, 64, Downsample.CONV1X1));
        models.put("regnetv_064", preact(25, 112, 33.22, 2.27, 72, Downsample.AVG));
        models.put("regnetz_005", inverted(224, 21, 16, 10.7, 2.51, 4, 1024));
        models.put("regnetz_040", inverted(256, 28, 48, 14.5, 2.226, 8, 0));
        models.put("regnetz_040_h", inverted(256, 28, 48, 14.5, 2.226, 8, 1536));
    }

    /// RegNetY with normalizations before convolutions.
    private static RegNet preact(int depth, int w0, double wa, double wm, int group, Downsample downsample) {
        return new RegNet(
                ConvNetSettings.at(224),
                depth,
                w0,
                wa,
                wm,
                group,
                1,
                0.25,
                0,
                32,
                downsample,
                false,
                true,
                0,
                Act.SILU,
                true);
    }

    /// RegNetZ: blocks whose middle is wider than their ends.
    private static RegNet inverted(int pixels, int depth, int w0, double wa, double wm, int group, int features) {
        return new RegNet(
                ConvNetSettings.at(pixels),
                depth,
                w0,
                wa,
                wm,
                group,
                4,
                0.25,
                0,
                32,
                Downsample.NONE,
                true,
                false,
                features,
                Act.SILU,
                false);
    }
}
