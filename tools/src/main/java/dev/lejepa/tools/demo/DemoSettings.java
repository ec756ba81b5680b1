package dev.lejepa.tools.demo;

import dev.lejepa.graphs.recipe.Recipe;
import java.io.PrintStream;
import java.nio.file.Path;

/// What a demonstration is asked for.
///
/// @param recipe without folders of images
/// @param out becomes the run's folder
/// @param trainPerClass images of each class to train with
/// @param valPerClass images of each class to hold out
/// @param device `cpu` or `cuda:N`
/// @param threads that compute
/// @param terminal whether a line of `progress` can be rewritten
/// @param progress where people watch
public record DemoSettings(
        Recipe recipe,
        Path out,
        int trainPerClass,
        int valPerClass,
        String device,
        int threads,
        boolean terminal,
        PrintStream progress) {
    /// The image set of `./lejepa demo`.
    static final int TRAIN_PER_CLASS = 400;

    /// 1,000 in all: the standard error of an accuracy is at most 1.6 points.
    static final int VAL_PER_CLASS = 100;

    /// The demonstration as it comes.
    public static DemoSettings standard(
            Recipe recipe, Path out, String device, int threads, boolean terminal, PrintStream progress) {
        return new DemoSettings(recipe, out, TRAIN_PER_CLASS, VAL_PER_CLASS, device, threads, terminal, progress);
    }
}
