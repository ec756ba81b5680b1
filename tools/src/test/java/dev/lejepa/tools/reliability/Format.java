package dev.lejepa.tools.reliability;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/// Every kind of file that people may give, or that a run reads again.
enum Format {
    SAFETENSORS,
    NPY,
    RECIPE,
    SET,
    BUNDLE,
    CHECKPOINT,
    ONNX,
    METRICS,
    DATA,
    TENSORBOARD,
    JPEG,
    PNG,
    WEBP,
    BMP,
    GIF,
    TIFF,
    PNM;

    /// As commands and files call it.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Format of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /// Its reader, which takes its input from a folder that is empty now.
    FuzzTarget target(Path scratch) throws IOException {
        return switch (this) {
            case SAFETENSORS -> TensorTargets.safetensors(scratch);
            case NPY -> TensorTargets.npy(scratch);
            case RECIPE -> RecipeTargets.recipe(scratch);
            case SET -> RecipeTargets.assignments();
            case BUNDLE -> RunTargets.bundle(scratch);
            case CHECKPOINT -> RunTargets.checkpoint(scratch);
            case ONNX -> RunTargets.onnx(scratch);
            case METRICS -> RunTargets.metrics(scratch);
            case DATA -> RunTargets.data(scratch);
            case TENSORBOARD -> RunTargets.tensorboard(scratch);
            case JPEG -> ImageTargets.jpeg(scratch);
            case PNG -> ImageTargets.png(scratch);
            case WEBP -> ImageTargets.webp(scratch);
            case BMP -> ImageTargets.bmp(scratch);
            case GIF -> ImageTargets.gif(scratch);
            case TIFF -> ImageTargets.tiff(scratch);
            case PNM -> ImageTargets.pnm(scratch);
        };
    }
}
