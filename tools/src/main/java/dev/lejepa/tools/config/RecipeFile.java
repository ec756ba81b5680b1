package dev.lejepa.tools.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.models.BackboneRules;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.RecipeRules;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads recipes.
public final class RecipeFile {
    private RecipeFile() {}

    /// The recipe in `file`, which may be a pipe, with `--set` assignments (`loss.lambda=0.02`) on top.
    ///
    /// @throws BadInputException that names every fault with its line
    public static Recipe read(Path file, List<String> assignments) throws IOException {
        return parse(PathText.shown(file), RecipeText.read(file), assignments);
    }

    /// The recipe in `text`.
    ///
    /// @param source names the text in messages
    public static Recipe parse(String source, String text, List<String> assignments) {
        YamlParser.Parsed parsed = YamlParser.document(source, text);
        return read(source, parsed, assignments);
    }

    /// The recipe in JSON that was read already, as manifests hold it.
    ///
    /// @param source names it in messages
    public static Recipe parse(String source, JsonNode json) {
        return read(source, new YamlParser.Parsed(JsonTree.of(json), List.of()), List.of());
    }

    private static Recipe read(String source, YamlParser.Parsed parsed, List<String> assignments) {
        if (!(parsed.tree() instanceof Yaml.Mapping root)) {
            throw new BadInputException(Text.format(
                    "%s: holds %s where the sections of a recipe are expected (data, views, model, ...)",
                    source, parsed.tree().shown()));
        }
        Overrides.apply(assignments, root);
        var findings = new Findings();
        for (ReadFault fault : parsed.faults()) {
            findings.fault(fault.key(), fault.origin(), fault.problem());
        }
        Recipe recipe = RecipeReader.read(new Section("", root, findings));
        Stream.of(RecipeRules.faults(recipe), BackboneRules.faults(recipe))
                .flatMap(List::stream)
                .forEach(fault -> findings.fault(fault.key(), findings.origin(fault.key()), fault.problem()));
        refuse(source, findings.all());
        return recipe;
    }

    /// Throws one [BadInputException] with all faults, if there are any.
    static void refuse(String source, List<ReadFault> faults) {
        if (!faults.isEmpty()) {
            String count = faults.size() == 1 ? "" : faults.size() + " faults: ";
            throw new BadInputException(Text.format(
                    "%s: %s%s",
                    source, count, faults.stream().map(ReadFault::toString).collect(Collectors.joining("; "))));
        }
    }
}
