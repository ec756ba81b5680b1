package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Digits, decimal points and letters are those of the program, not those of the machine's language.
class LocaleTest {
    /// What differs between two runs anyway.
    private static final Set<String> MEASURED = Set.of("time", "seconds", "images_per_s", "data_wait_ms");

    @TempDir
    Path folder;

    @Test
    void runIsTheSameInEveryLanguage() throws IOException {
        var english = train("en-US");
        for (var language : List.of("ar-EG", "tr-TR")) {
            assertEquals(english, train(language), language);
        }
    }

    @Test
    void wordsAreThoseOfTheProgramInEveryLanguage() throws IOException {
        var project = TinyProject.in(Files.createDirectory(folder.resolve("words")));
        project.trained("run", "train.epochs=1");
        var words = List.of(
                List.of("inspect", project.run("run").toString()),
                List.of("inspect", project.run("run").toString(), "--json"),
                List.of("train", "--help"),
                List.of("train", "--config", project.recipe().toString(), "--set", "data.batch=0"),
                List.of(
                        "rank",
                        project.run("run").toString(),
                        "--data",
                        project.val().toString()));
        for (var word : words) {
            var english = in("en-US", () -> Told.by(word));
            for (var language : List.of("ar-EG", "th-TH-u-nu-thai", "de-DE", "tr-TR")) {
                assertEquals(english, in(language, () -> Told.by(word)), language);
            }
        }
    }

    private record Trained(ExitCode code, String recipe, List<String> metrics, Set<String> files, boolean ascii) {}

    private Trained train(String language) throws IOException {
        var project = TinyProject.in(Files.createDirectory(folder.resolve(language)));
        var told = in(language, () -> project.trained("run", "train.epochs=2"));
        var files = new TreeSet<String>();
        try (var tree = Files.walk(project.run("run"))) {
            tree.map(file -> project.run("run").relativize(file).toString())
                    .filter(name -> !name.contains("tfevents")) // has the time in its name
                    .forEach(files::add);
        }
        var json = new ObjectMapper();
        var metrics = new ArrayList<String>();
        for (var line : Files.readAllLines(project.run("run").resolve("metrics.jsonl"))) {
            metrics.add(((ObjectNode) json.readTree(line)).remove(MEASURED).toString());
        }
        return new Trained(
                told.code(),
                Files.readString(project.run("run").resolve("recipe.yaml"))
                        .replace(project.folder().toString(), ""),
                metrics,
                files,
                told.words().replace("×", "").chars().allMatch(c -> c < 0x80));
    }

    private interface Work<T> {
        T run();
    }

    private static <T> T in(String language, Work<T> work) {
        var before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag(language));
        try {
            return work.run();
        } finally {
            Locale.setDefault(before);
        }
    }
}
