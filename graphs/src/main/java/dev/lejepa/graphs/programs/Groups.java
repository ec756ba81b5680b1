package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.nn.Declarations.Parameter;
import dev.lejepa.graphs.recipe.OptimizerSpec;
import dev.lejepa.graphs.recipe.ProbeSpec;
import dev.lejepa.graphs.recipe.Recipe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;

/// Sorts parameters into the optimizer's groups: `model`, `model_no_decay` where the recipe excludes some, `probe`.
final class Groups {
    static final String MODEL = "model";
    static final String NO_DECAY = "model_no_decay";
    static final String PROBE = "probe";

    private Groups() {}

    /// Empty groups are left out.
    static List<TrainedGroup> sort(Recipe recipe, List<Parameter> parameters) {
        var excluded = recipe.optimizer().decayExclude();
        requireUse(excluded, parameters);
        var groups = new LinkedHashMap<String, List<Parameter>>();
        for (var name : List.of(MODEL, NO_DECAY, PROBE)) {
            groups.put(name, new ArrayList<>());
        }
        for (var p : parameters) {
            var name = p.name().startsWith(StepModel.PROBE + ".")
                    ? PROBE
                    : excluded.stream().anyMatch(e -> matches(e, p.name())) ? NO_DECAY : MODEL;
            groups.getOrDefault(name, List.of()).add(p);
        }
        return groups.entrySet().stream()
                .filter(g -> !g.getValue().isEmpty())
                .map(g -> new TrainedGroup(settings(recipe, g.getKey()), g.getValue()))
                .toList();
    }

    private static Manifest.Group settings(Recipe recipe, String name) {
        var optimizer = recipe.optimizer();
        var betas = List.of(optimizer.betas().first(), optimizer.betas().second());
        if (name.equals(PROBE)) {
            var probe = recipe.probe().orElseGet(ProbeSpec::defaults);
            var rate = rate(recipe, probe.lr(), probe.finalLr());
            return new Manifest.Group(name, probe.weightDecay(), betas, optimizer.eps(), rate);
        }
        var decay = name.equals(NO_DECAY) ? 0 : optimizer.weightDecay();
        return new Manifest.Group(
                name, decay, betas, optimizer.eps(), rate(recipe, optimizer.lr(), optimizer.finalLr()));
    }

    private static Manifest.Rate rate(Recipe recipe, double base, double finalFraction) {
        OptimizerSpec o = recipe.optimizer();
        return new Manifest.Rate(
                base, o.warmupEpochs(), o.warmupStart(), recipe.train().epochs(), finalFraction);
    }

    /// Whether a pattern with `*` for any text matches the name or what follows one of its dots.
    private static boolean matches(String pattern, String name) {
        var regex = Pattern.compile(Pattern.quote(pattern).replace("*", "\\E.*\\Q"));
        for (var at = 0; at >= 0; at = nextPart(name, at)) {
            if (regex.matcher(name.substring(at)).matches()) {
                return true;
            }
        }
        return false;
    }

    private static int nextPart(String name, int at) {
        var dot = name.indexOf('.', at);
        return dot < 0 ? -1 : dot + 1;
    }

    private static void requireUse(List<String> excluded, List<Parameter> parameters) {
        for (var e : excluded) {
            if (parameters.stream().noneMatch(p -> matches(e, p.name()))) {
                throw new BadInputException(Text.format(
                        "optimizer.decay_exclude: '%s' matches no parameter; patterns are names or parts after a dot, '*' for any text, as in 'bias' or 'norm*'",
                        e));
            }
        }
    }
}
