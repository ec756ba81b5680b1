package dev.lejepa.tools.cli;

import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;

/// Makes options; all of them are long.
public final class Flags {
    private Flags() {}

    /// An option that is there or not: `--resume`.
    public static Option flag(String name, String meaning) {
        return Option.builder().longOpt(name).desc(meaning).get();
    }

    /// An option with a value: `--out DIR`.
    public static Option value(String name, String placeholder, String meaning) {
        return Option.builder()
                .longOpt(name)
                .hasArg()
                .argName(placeholder)
                .desc(meaning)
                .get();
    }

    /// `--config R.yaml`.
    public static Option config() {
        return value("config", "R.yaml", "the recipe");
    }

    /// `--set a.b=v`, any number of times.
    public static Option set() {
        return value(
                "set",
                "KEY=VALUE",
                "changes a key of the recipe, such as train.epochs=10; a text is taken as it is typed, a list or section is"
                        + " YAML, null is none; may be repeated");
    }

    /// `--device cpu|cuda:0|auto`.
    public static Option device() {
        return device("where to compute (default: auto)");
    }

    private static Option device(String description) {
        return value("device", "cpu|cuda:0|auto", description);
    }

    /// Where and how to compute: [#device()] and what only CUDA devices know.
    public static List<Option> engine() {
        return List.of(
                device(
                        "where to compute (default: auto); compiled CUDA kernels are kept in $XDG_CACHE_HOME/lejepa/kernels,"
                                + " else ~/.cache/lejepa/kernels"),
                flag("tf32", "lets a CUDA device round float32 products to TF32: faster, 10 bits instead of 23"),
                flag(
                        "cuda-graph",
                        "lets a CUDA device record a step's kernels once and play them in each step; not for micro-batches or several processes"),
                flag(
                        "deterministic",
                        "gives equal bits in equal runs where a CUDA device has faster kernels that do not, and chooses kernels by rule, not by measuring"));
    }

    /// `--ranks R`.
    static Option ranks() {
        return value(
                "ranks",
                "R",
                "starts R processes of this machine by mpirun, which share the images (default: those that a launcher started)");
    }

    /// Options of a command and others that it shares.
    public static List<Option> with(List<Option> shared, Option... own) {
        return Stream.concat(Stream.of(own), shared.stream()).toList();
    }

    /// `--target portable|ort`.
    public static Option target() {
        return value("target", "portable|ort", "what graphs may use (default: the recipe's)");
    }

    /// What every command has.
    static List<Option> common() {
        return List.of(
                value(
                        "threads",
                        "N",
                        "threads to compute with (default: physical cores; for a run that goes on: those that it began with)"),
                flag("json", "ends standard output with one JSON object; all else goes to standard error"),
                flag("verbose", "shows stack traces"),
                flag("help", "shows this"));
    }
}
