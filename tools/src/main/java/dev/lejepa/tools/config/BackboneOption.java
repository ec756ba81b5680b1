package dev.lejepa.tools.config;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.models.Registry;
import dev.lejepa.graphs.recipe.BackboneSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/// A backbone that the command line names without a recipe: `--model NAME`, its arguments by `--set`.
public final class BackboneOption {
    private BackboneOption() {}

    /// The named model with its own arguments where none are given, and no head unless `num_classes` asks for one.
    ///
    /// @param assignments `model.backbone.KEY=VALUE`
    /// @throws dev.lejepa.graphs.BadInputException that names every fault
    public static BackboneSpec read(String name, List<String> assignments) {
        var root = new Yaml.Mapping(Origin.NOWHERE, new LinkedHashMap<>());
        Overrides.apply(assignments, root);
        var findings = new Findings();
        var top = new Section("", root, findings);
        var model = top.section("model");
        var backbone = model.section("backbone");
        var arguments = backbone.settings(Set.of("name", "weights"));
        List.of(top, model, backbone).forEach(Section::refuseUnknownKeys);
        var spec = BackboneSpec.named(name).with(BackboneSpec.NUM_CLASSES, 0);
        for (var argument : arguments.entrySet()) {
            spec = spec.with(argument.getKey(), argument.getValue());
        }
        Registry.faults(spec)
                .forEach(fault -> findings.fault(fault.key(), findings.origin(fault.key()), fault.problem()));
        RecipeFile.refuse(Text.format("--model %s", name), findings.all());
        return spec;
    }
}
