package dev.lejepa.graphs.models;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Spelling;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.BackboneSpec;
import dev.lejepa.graphs.recipe.Fault;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Models by timm's names, with timm's default arguments.
public final class Registry {
    private static final List<ModelTable> FAMILIES = List.of(
            VisionTransformerNames.table(),
            SwinTransformerNames.table(),
            new ModelTable.OfModels(ResNetNames.table()),
            new ModelTable.OfModels(ConvNeXtNames.table()),
            new ModelTable.OfModels(EfficientNetNames.table()),
            new ModelTable.OfModels(MobileNetNames.table()),
            new ModelTable.OfModels(RegNetNames.table()));

    /// Characters of what is no name that are compared with names: more than any of these has.
    private static final int TELLING = 100;

    private Registry() {}

    /// Every name, family by family.
    public static List<String> names() {
        return FAMILIES.stream().flatMap(table -> table.names().stream()).toList();
    }

    /// The model of this name, if there is one.
    public static Optional<Backbone> find(String name) {
        return FAMILIES.stream().flatMap(table -> table.find(name).stream()).findFirst();
    }

    /// The model of this name with these arguments.
    ///
    /// @throws BadInputException that names everything wrong with them
    public static Backbone build(BackboneSpec spec) {
        var faults = faults(spec);
        if (!faults.isEmpty()) {
            throw new BadInputException(faults.stream().map(Fault::toString).collect(Collectors.joining("; ")));
        }
        return find(spec.name()).orElseThrow().with(new Arguments(spec.arguments()));
    }

    /// What is wrong with a name or its arguments; empty where a model can be built.
    public static List<Fault> faults(BackboneSpec spec) {
        var model = find(spec.name());
        if (model.isEmpty()) {
            return List.of(new Fault(Arguments.SECTION + "name", unknown(spec.name())));
        }
        var arguments = new Arguments(spec.arguments());
        model.get().with(arguments);
        arguments.refuseOthers(spec.name());
        return arguments.faults();
    }

    private static String unknown(String name) {
        return Text.format(
                "is '%s', which is no known model; the nearest name is '%s' (./lejepa models lists all)",
                name, nearest(name));
    }

    /// The name that was probably meant: many are long and given by their beginnings.
    public static String nearest(String given) {
        var told = given.substring(0, Math.min(given.length(), TELLING));
        return names().stream()
                .min(Comparator.comparingInt(name -> distance(told, name)))
                .orElseThrow();
    }

    private static int distance(String given, String name) {
        var beginning = name.substring(0, Math.min(given.length(), name.length()));
        return name.contains(given)
                ? 0
                : Math.min(Spelling.distance(given, name), 1 + Spelling.distance(given, beginning));
    }
}
