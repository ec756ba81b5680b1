package dev.lejepa.tools.cli;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.Choice;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.Target;
import dev.lejepa.runtime.collective.Processors;
import dev.lejepa.runtime.collective.Ranks;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.ort.OrtEngine;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.tools.run.DeviceWords;
import dev.lejepa.trainer.source.Sources;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;

/// One use of a command: its options and operands, typed and checked, and where its words go.
public final class Call {
    private static final String AUTO = "auto";
    private static final String CUDA = "cuda:";

    private final CommandLine line;
    private final Console console;
    private final StopSignal stop;
    private final Company company;
    /// Found once, as it may be told.
    private Optional<String> device = Optional.empty();

    Call(CommandLine line, Console console, StopSignal stop, Company company) {
        this.line = line;
        this.console = console;
        this.stop = stop;
        this.company = company;
    }

    public Console console() {
        return console;
    }

    /// Ctrl-C and the like. A command that asks for it is to return [ExitCode#INTERRUPTED] when it hears of one.
    public StopSignal stopSignal() {
        return stop;
    }

    /// The processes that run this command together with this one; joined when first asked for. Any but the first one is
    /// silent from then on, but for faults that the others do not know.
    ///
    /// @param device where this process computes
    public Ranks ranks(String device) {
        var ranks = company.join(cuda(device));
        if (ranks.rank() > 0) {
            console.silence();
        }
        return ranks;
    }

    private static OptionalInt cuda(String device) {
        return device.startsWith(CUDA)
                ? OptionalInt.of(Integer.parseInt(device.substring(CUDA.length())))
                : OptionalInt.empty();
    }

    /// True where `--name` is given.
    public boolean has(String name) {
        return line.hasOption(name);
    }

    /// The value of `--name VALUE`.
    public Optional<String> text(String name) {
        return Optional.ofNullable(line.getOptionValue(name));
    }

    /// The value of an option that must be given.
    public String required(String name) {
        return text(name).orElseThrow(() -> missing(name));
    }

    private static BadInputException missing(String name) {
        return new BadInputException("--" + name + " is missing; see --help");
    }

    /// All values of an option that may be repeated.
    public List<String> texts(String name) {
        String[] values = line.getOptionValues(name);
        return values == null ? List.of() : List.of(values);
    }

    /// A path, relative to the caller's folder.
    public Optional<Path> path(String name) {
        return text(name).map(value -> asPath("--" + name, value));
    }

    /// A path that must be given.
    public Path requiredPath(String name) {
        return asPath("--" + name, required(name));
    }

    /// A file to write that must be given.
    ///
    /// @param inputs what the command reads
    /// @throws BadInputException where no file can be written there, or it is one of the inputs
    public Path requiredOutputFile(String name, Path... inputs) {
        required(name);
        return outputFile(name, inputs).orElseThrow();
    }

    /// A file to write.
    public Optional<Path> outputFile(String name, Path... inputs) {
        var file = path(name);
        file.ifPresent(f -> OutputPlace.requireFile(name, f, List.of(inputs)));
        return file;
    }

    /// A folder to write to that must be given; it is made where it is not there.
    public Path requiredOutputFolder(String name) {
        var folder = requiredPath(name);
        OutputPlace.requireFolder(name, folder);
        return folder;
    }

    /// A whole number of at least `least` that must be given.
    public int requiredWhole(String name, int least) {
        return whole(name, least).orElseThrow(() -> missing(name));
    }

    /// A whole number of at least `least`.
    public OptionalInt whole(String name, int least) {
        OptionalLong number = wholeLong(name, least, Integer.MAX_VALUE);
        return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
    }

    /// Any whole number.
    public OptionalLong wholeLong(String name) {
        return wholeLong(name, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private OptionalLong wholeLong(String name, long least, long most) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            long number = Long.parseLong(text.get());
            if (number >= least && number <= most) {
                return OptionalLong.of(number);
            }
        } catch (NumberFormatException e) {
            // told below, as a number out of range is
        }
        String range = least == Long.MIN_VALUE ? "" : " of at least " + least;
        throw new BadInputException(Text.format("--%s %s: must be a whole number%s", name, text.get(), range));
    }

    /// `--threads`, or the machine's physical cores: this process's part of them where a launcher started several.
    public int threads() {
        return whole("threads", 1).orElseGet(() -> Processors.ofProcess().share(Cores.physical(), company.launch()));
    }

    /// `--device`: where to compute. `auto`, also where it is not said, takes the first CUDA device that can be used,
    /// each process of several its own, else the processor; why it is that one is told where `auto` is asked for.
    ///
    /// @throws BadInputException if it is unknown, or cannot be used
    public String device() {
        if (device.isEmpty()) {
            var asked = text("device");
            var choice = OrtEngine.choose(asked.orElse(AUTO), company.launch().localRank());
            if (asked.isPresent()) {
                choice.reason().ifPresent(reason -> console.note("computing on cpu: " + reason));
            }
            device = Optional.of(choice.device().toString());
        }
        return device.get();
    }

    /// The same for a command that does not tell by itself where it computes: it is told before its first words.
    public String toldDevice() {
        var device = device();
        console.noteLater("computing on " + DeviceWords.of(device, threads()));
        return device;
    }

    /// `--threads`, what [Flags#engine] has, and `--profile` of commands that have it.
    public EngineOptions engineOptions() {
        var options = EngineOptions.of(threads())
                .withTf32(has("tf32"))
                .withCapturedGraphs(has("cuda-graph"))
                .withDeterminism(has("deterministic"))
                .withWords(console::note);
        var profile = path("profile");
        profile.ifPresent(prefix -> OutputPlace.requirePrefix("profile", prefix));
        return profile.map(options::withProfile).orElse(options);
    }

    /// A number greater than 0.
    public OptionalDouble positive(String name) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return OptionalDouble.empty();
        }
        try {
            double number = Double.parseDouble(text.get());
            if (number > 0 && Double.isFinite(number)) {
                return OptionalDouble.of(number);
            }
        } catch (NumberFormatException e) {
            // told below, as a number out of range is
        }
        throw new BadInputException(Text.format("--%s %s: must be a number greater than 0", name, text.get()));
    }

    /// One of a few words.
    public Optional<String> word(String name, List<String> words) {
        Optional<String> text = text(name);
        if (text.isPresent() && !words.contains(text.get())) {
            throw new BadInputException(
                    Text.format("--%s %s: must be one of %s", name, text.get(), String.join(", ", words)));
        }
        return text;
    }

    /// `--target`, if given.
    public Optional<Target> target() {
        return word("target", Choice.words(Target.class)).flatMap(word -> Choice.find(Target.class, word));
    }

    /// The recipe of `--config` with `--set` and `--target` on top.
    public Recipe recipe() throws IOException {
        List<String> assignments = new ArrayList<>(texts("set"));
        // as the key, so that the rules of recipes see it
        target().ifPresent(target -> assignments.add("train.target=" + target.word()));
        return RecipeFile.read(requiredPath("config"), assignments);
    }

    /// Opens images, and says what takes long meanwhile.
    public Sources sources() {
        return Sources.ofUser(console::note);
    }

    /// What is given after the options: at least `least` of them, at most `most`.
    public List<String> operands(int least, int most) {
        List<String> operands = line.getArgList();
        if (operands.size() < least) {
            throw new BadInputException("something is missing after the options; see --help");
        }
        if (operands.size() > most) {
            String surplus = operands.stream().skip(most).collect(Collectors.joining(" "));
            throw new BadInputException(surplus + ": not understood here; see --help");
        }
        return operands;
    }

    /// The only operand, as a path relative to the caller's folder.
    public Path operandPath() {
        String operand = operands(1, 1).getFirst();
        return asPath(operand, operand);
    }

    static Path asPath(String what, String value) {
        try {
            return PathText.path(value);
        } catch (InvalidPathException e) {
            throw new BadInputException(Text.format("%s: %s is no path, %s", what, value, e.getReason()), e);
        }
    }
}
