package dev.lejepa.tools.config;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.recipe.Fault;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.RecipeRules;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// Reads recipes.
public final class RecipeFile {
    private RecipeFile() {}

    /// The recipe in `file` with `--set` assignments (`loss.lambda=0.02`) on top.
    ///
    /// @throws BadInputException that names every fault with its line
    public static Recipe read(Path file, List<String> assignments) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new BadInputException(
                    Files.isDirectory(file)
                            ? PathText.shown(file) + ": is a folder where a recipe (YAML) is expected"
                            : PathText.shown(file) + ": no such recipe");
        }
        try {
            return parse(PathText.shown(file), Files.readString(file), assignments);
        } catch (CharacterCodingException e) {
            throw new BadInputException(PathText.shown(file) + ": not a recipe, its text is not UTF-8", e);
        }
    }

    /// The recipe in `text`.
    ///
    /// @param source names the text in messages
    public static Recipe parse(String source, String text, List<String> assignments) {
        YamlParser.Parsed parsed = YamlParser.document(source, text);
        if (!(parsed.tree() instanceof Yaml.Mapping root)) {
            throw new BadInputException(
                    "%s: holds %s where the sections of a recipe are expected (data, views, model, ...)"
                            .formatted(source, parsed.tree().shown()));
        }
        Overrides.apply(assignments, root);
        var findings = new Findings();
        for (ReadFault fault : parsed.faults()) {
            findings.fault(fault.key(), fault.origin(), fault.problem());
        }
        Recipe recipe = RecipeReader.read(new Section("", root, findings));
        for (Fault fault : RecipeRules.faults(recipe)) {
            findings.fault(fault.key(), findings.origin(fault.key()), fault.problem());
        }
        refuse(source, findings.all());
        return recipe;
    }

    private static void refuse(String source, List<ReadFault> faults) {
        if (!faults.isEmpty()) {
            String count = faults.size() == 1 ? "" : faults.size() + " faults: ";
            throw new BadInputException("%s: %s%s"
                    .formatted(
                            source,
                            count,
                            faults.stream().map(ReadFault::toString).collect(Collectors.joining("; "))));
        }
    }
}
