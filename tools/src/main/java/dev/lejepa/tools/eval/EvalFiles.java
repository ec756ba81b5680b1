package dev.lejepa.tools.eval;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.trainer.layout.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The files of an evaluation: `eval.json` with everything, and `confusion.csv`, a row for each class with its name and
/// the numbers of its test images by the class that they were taken for.
public final class EvalFiles {
    private EvalFiles() {}

    /// @param layout of the images, where one was named
    public static List<Path> write(Path folder, EvalResult result, Optional<Layout> layout) throws IOException {
        Files.createDirectories(folder);
        var json = folder.resolve("eval.json");
        var content = result.fullJson();
        layout.ifPresent(of -> content.put("layout", of.toString()));
        AtomicFile.writeText(
                json, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n");
        var table = folder.resolve("confusion.csv");
        AtomicFile.writeText(table, table(result));
        return List.of(json, table);
    }

    private static String table(EvalResult result) {
        var confusion = result.main().first().confusion();
        var text = new StringBuilder("class");
        result.classes().forEach(name -> text.append(',').append(quoted(name)));
        text.append('\n');
        for (var c = 0; c < confusion.length; c++) {
            text.append(quoted(result.classes().get(c)))
                    .append(',')
                    .append(Arrays.stream(confusion[c]).mapToObj(Long::toString).collect(Collectors.joining(",")))
                    .append('\n');
        }
        return text.toString();
    }

    private static String quoted(String name) {
        return name.matches("[^\",\\n\\r]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
    }
}
