package dev.lejepa.tools.demo;

import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.safetensors.SafetensorsFile;
import dev.lejepa.runtime.engine.BundleFolder;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.ort.OrtEngine;
import dev.lejepa.tools.run.RunRecipe;
import dev.lejepa.tools.run.RunSettings;
import dev.lejepa.tools.run.TrainSession;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.data.LoaderSize;
import dev.lejepa.trainer.demo.DemoSet;
import dev.lejepa.trainer.eval.Encoder;
import dev.lejepa.trainer.eval.Features;
import dev.lejepa.trainer.eval.LinearProbe;
import dev.lejepa.trainer.eval.Preparation;
import dev.lejepa.trainer.eval.ProbeSplit;
import dev.lejepa.trainer.train.RunFolder;
import dev.lejepa.trainer.train.RunLock;
import dev.lejepa.trainer.train.StopRequest;
import dev.lejepa.trainer.train.TrainData;
import dev.lejepa.trainer.train.Trainer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/// The demonstration's three parts, to be called in this order: images, training, probes.
public final class Demo {
    private final DemoSettings settings;
    private final RunFolder folder;
    private final Recipe recipe;
    private final PrintStream progress;
    private final long began = System.nanoTime();

    public Demo(DemoSettings settings) {
        this.settings = settings;
        this.folder = new RunFolder(settings.out());
        this.progress = settings.progress();
        var images = images(settings.out());
        var data = settings.recipe()
                .data()
                .withTrain(PathText.text(images.resolve("train")))
                .withVal(PathText.text(images.resolve("val")));
        this.recipe = RunRecipe.absolute(settings.recipe().withData(data));
    }

    /// Where the image set goes in a run's folder.
    static Path images(Path run) {
        return run.resolve("images");
    }

    /// The encoder before training, which the trained one is compared with.
    static Path untrained(Path run) {
        return run.resolve("untrained.onnx");
    }

    /// Paints the image set.
    ///
    /// @throws BadInputException if the folder is not free
    public void makeImages() throws IOException {
        if (folder.isRun()) {
            throw new BadInputException(Text.format(
                    "--out %s: holds a run already; give another folder, or delete this one", folder.path()));
        }
        folder.requireFresh();
        progress.println(Text.format(
                "[1/3] painting %,d images of ten patterns to learn from and %,d to test with, in %s",
                DemoSet.CLASSES * settings.trainPerClass(),
                DemoSet.CLASSES * settings.valPerClass(),
                images(folder.path())));
        DemoSet.write(images(folder.path()), recipe.seed(), settings.trainPerClass(), settings.valPerClass());
    }

    /// Trains from the images' views alone; their classes only serve the progress report's probe.
    ///
    /// @param lock of the run's folder
    /// @param stop true once the person asked to stop
    public Trainer.Result train(RunLock lock, StopRequest stop) throws IOException, InterruptedException {
        progress.println("[2/3] training an encoder without labels; held-out top-1 is that of a probe on the side");
        var run = new RunSettings(
                recipe,
                folder,
                false,
                false,
                settings.device(),
                EngineOptions.of(settings.threads()),
                settings.terminal(),
                progress,
                stop);
        return TrainSession.runPrepared(run, lock);
    }

    /// Fits one linear classifier to each kind of features of the training images, with the same budget and the same
    /// learning rates to choose from, and scores it on the held-out images. The run's folder keeps the result.
    public DemoResult probe() throws IOException, InterruptedException {
        progress.println("[3/3] fitting linear classifiers to frozen features");
        writeUntrained();
        try (var data = TrainData.open(recipe, progress::println);
                var engine = OrtEngine.open(settings.device(), EngineOptions.of(settings.threads()))) {
            var train = rows(engine, data.train());
            var val = rows(engine, data.val().orElseThrow());
            var result = new DemoResult(
                    train.labels().length,
                    val.labels().length,
                    top1(engine, train.trained(), train.labels(), val.trained(), val.labels()),
                    top1(engine, train.untrained(), train.labels(), val.untrained(), val.labels()),
                    top1(engine, train.pixels(), train.labels(), val.pixels(), val.labels()),
                    1.0 / DemoSet.CLASSES,
                    (System.nanoTime() - began) / 1e9,
                    folder);
            AtomicFile.writeText(DemoResult.file(folder), result.json().toPrettyString() + "\n");
            return result;
        }
    }

    private void writeUntrained() throws IOException {
        var bundle = BundleFolder.read(folder.bundle());
        try (var initial = SafetensorsFile.open(bundle.file(Bundle.INIT))) {
            bundle.encoder().write(initial::bytes, untrained(folder.path()));
        }
    }

    private ProbeRows rows(Engine engine, ImageStore images) throws IOException, InterruptedException {
        try (var untrained = Encoder.open(engine, untrained(folder.path()), Preparation.Given.none());
                var trained = Encoder.open(engine, folder.encoder(), Preparation.Given.none())) {
            return new RowReader(untrained, trained, LoaderSize.autoWorkers(settings.threads())).read(images);
        }
    }

    private double top1(Engine engine, Features train, int[] trainLabels, Features val, int[] valLabels) {
        var split = ProbeSplit.all(trainLabels, DemoSet.CLASSES, recipe.seed());
        var probe = LinearProbe.Settings.standard(recipe.seed());
        return LinearProbe.fit(engine, train, trainLabels, DemoSet.CLASSES, split, probe)
                .top1(val, valLabels);
    }
}
