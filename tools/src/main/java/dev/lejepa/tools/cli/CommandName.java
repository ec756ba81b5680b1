package dev.lejepa.tools.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The table of commands.
public enum CommandName {
    DEMO("makes an image set, trains on it, probes the encoder and reports; two to three minutes"),
    TRAIN("trains a recipe, or resumes a run"),
    EMIT("writes a recipe's training graphs as a bundle that any ONNX Runtime can run"),
    INSPECT("shows what an ONNX file, a bundle or a run holds"),
    RECORD("trains and records every input of every step, to replay elsewhere"),
    EXPORT("writes the encoder of a run or a bundle for inference"),
    EMBED("writes the features of a folder of images"),
    EVAL("judges an encoder by classifiers on its frozen features"),
    PCA("shows what patches mean: their principal components as colors"),
    ATTENTION("shows where the last block's heads look"),
    NEIGHBORS("shows the images that are most like others"),
    MAP("shows all images of a folder on a plane, like ones beside each other"),
    SELFCHECK("compares this machine's engine with known numbers"),
    DATA_INFO("shows what images there are, and which are broken"),
    DATA_PREVIEW("draws the views that a recipe makes of images"),
    DATA_PACK("writes images into one file that is read fast"),
    BENCH_STEP("times a training step on random images"),
    BENCH_DATA("times reading and augmenting images"),
    BENCH_LOSS("times a regularizer"),
    BENCH_SCALING("foretells a training step on many devices"),
    STAT("applies a statistical test to a matrix of embeddings"),
    RANK("orders runs by their held-out LeJEPA loss"),
    REPORT("writes what a run was like as one page, report.html"),
    COMPARE("writes runs over each other, and in what they differ, as one page"),
    MODELS("lists the backbones that recipes may name");

    private final String summary;

    CommandName(String summary) {
        this.summary = summary;
    }

    /// The command of this name.
    public Command command() {
        return switch (this) {
            case DEMO -> new DemoCommand();
            case EMIT -> new EmitCommand();
            case INSPECT -> new InspectCommand();
            case EXPORT -> new ExportCommand();
            case EMBED -> new EmbedCommand();
            case EVAL -> new EvalCommand();
            case PCA -> new PcaCommand();
            case ATTENTION -> new AttentionCommand();
            case NEIGHBORS -> new NeighborsCommand();
            case MAP -> new MapCommand();
            case SELFCHECK -> new SelfcheckCommand();
            case TRAIN -> new TrainCommand();
            case RECORD -> new RecordCommand();
            case DATA_INFO -> new DataInfoCommand();
            case DATA_PREVIEW -> new DataPreviewCommand();
            case DATA_PACK -> new DataPackCommand();
            case BENCH_STEP -> new BenchStepCommand();
            case BENCH_DATA -> new BenchDataCommand();
            case BENCH_LOSS -> new BenchLossCommand();
            case BENCH_SCALING -> new BenchScalingCommand();

            case STAT -> new StatCommand();

            case RANK -> new RankCommand();

            case REPORT -> new ReportCommand();
            case COMPARE -> new CompareCommand();
            case MODELS -> new ModelsCommand();
        };
    }

    /// As typed: one word or two.
    public String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// What it does, in one line.
    public String summary() {
        return summary;
    }

    /// The command that `arguments` begin with.
    static Optional<CommandName> of(List<String> arguments) {
        return Arrays.stream(values())
                .filter(name -> {
                    List<String> words = name.parts();
                    return arguments.size() >= words.size()
                            && arguments.subList(0, words.size()).equals(words);
                })
                .findFirst();
    }

    /// The words one by one.
    List<String> parts() {
        return List.of(words().split(" "));
    }
}
