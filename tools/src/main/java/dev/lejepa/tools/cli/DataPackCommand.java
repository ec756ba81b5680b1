package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.DataSpec;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.packed.PackForm;
import dev.lejepa.trainer.packed.PackSettings;
import dev.lejepa.trainer.packed.Packer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;
import org.apache.commons.cli.Option;

/// `data pack`: images of any source in one file.
final class DataPackCommand implements Command {
    private static final int NAMED_AT_MOST = 10;
    private static final int BEST_QUALITY = 100;
    private static final long SAY_EVERY = 10_000_000_000L;

    @Override
    public List<Option> options() {
        return List.of(
                Flags.value("out", "FILE", "file to write"),
                Flags.value(
                        "format",
                        String.join("|", PackForm.names()),
                        "how images lie in it: as the files that they are, as JPEG files (4:2:0; those that are JPEG and need no"
                                + " change are kept as they are), as bare pixels (default: original; with --short or --quality: jpeg)"),
                Flags.value(
                        "short",
                        "PX",
                        "what the shorter side of larger images becomes: bilinear and antialiased, as PIL's resize"),
                Flags.value("quality", "Q", "of JPEG files that are written, 1 to 100 (default: 90)"));
    }

    @Override
    public String operands() {
        return "DATA";
    }

    @Override
    public String example() {
        return "./lejepa data pack photos --short 256 --out photos.pack";
    }

    @Override
    public ExitCode run(Call call) throws IOException, InterruptedException {
        var data = call.operands(1, 1).getFirst();
        var settings = settings(call);
        var out = call.requiredPath("out");
        try (var source = call.sources().open(data)) {
            OutputPlace.requireNoImage("out", out, source);
            OutputPlace.requireFile("out", out, List.of());
            source.notes().forEach(note -> call.console().note("note: " + note));
            requireFiles(source, settings);
            var packer = new Packer(source, settings, DataSpec.defaults().maxPixels(), call.threads());
            say(call.console(), out, packer.write(out, progress(call.console(), source.size())));
        }
        return ExitCode.DONE;
    }

    private static PackSettings settings(Call call) {
        var shorter = call.whole("short", 1);
        var quality = call.whole("quality", 1);
        var form = call.word("format", PackForm.names())
                .flatMap(PackForm::of)
                .orElse(shorter.isPresent() || quality.isPresent() ? PackForm.JPEG : PackForm.ORIGINAL);
        if (form == PackForm.ORIGINAL && shorter.isPresent()) {
            throw new BadInputException(
                    "--short: files that stay as they are cannot be reduced; say --format jpeg or raw");
        }
        if (form != PackForm.JPEG && quality.isPresent()) {
            throw new BadInputException(Text.format("--quality: is of JPEG files, and --format is %s", form));
        }
        if (quality.orElse(1) > BEST_QUALITY) {
            throw new BadInputException(
                    Text.format("--quality %d: must be from 1 to %d", quality.getAsInt(), BEST_QUALITY));
        }
        return new PackSettings(form, shorter, quality.orElse(PackSettings.QUALITY));
    }

    private static void requireFiles(ImageSource source, PackSettings settings) {
        if (settings.form() == PackForm.ORIGINAL && hasNoFormat(source)) {
            throw new BadInputException(Text.format(
                    "%s: its images are bare pixels and no files; say --format raw or --format jpeg", source.place()));
        }
    }

    /// True where the first image that can be read has none: all images of a source are of one kind.
    private static boolean hasNoFormat(ImageSource source) {
        for (var image = 0; image < source.size(); image++) {
            try {
                return source.facts(image).format().isEmpty();
            } catch (BrokenImageException e) {
                // told when its turn comes
            }
        }
        return false;
    }

    private static IntConsumer progress(Console console, int images) {
        var next = new long[] {System.nanoTime() + SAY_EVERY};
        return done -> {
            if (System.nanoTime() > next[0]) {
                next[0] = System.nanoTime() + SAY_EVERY;
                console.note(Text.format("%,d of %,d images are packed", done, images));
            }
        };
    }

    private static void say(Console console, Path out, Packer.Result result) {
        if (!result.broken().isEmpty()) {
            console.note(Text.format(
                    "%,d images cannot be read and are left out:",
                    result.broken().size()));
            result.broken().stream().limit(NAMED_AT_MOST).forEach(why -> console.note("  " + why));
        }
        console.say(Text.format("%s: %,d images, %,d bytes", out, result.images(), result.bytes()));
        console.result(JsonNodeFactory.instance
                .objectNode()
                .put("images", result.images())
                .put("bytes", result.bytes())
                .put("broken", result.broken().size())
                .put("pack", PathText.text(out)));
    }
}
