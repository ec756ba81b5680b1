package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.nn.StateNames;
import dev.lejepa.graphs.optim.AdamWGraph;
import dev.lejepa.graphs.optim.ParameterGroup;
import dev.lejepa.tools.selfcheck.GoldenTensor.Role;
import dev.lejepa.trainer.schedule.WarmupCosine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Family 06: AdamW with given gradients, and learning rates of long runs.
final class OptimizerCases {
    private static final String START = "p0/";

    private OptimizerCases() {}

    /// A trajectory of parameters and moments, group `G` being all parameters called `G.*`.
    static void adamw(GoldenCase golden, Executor executor, Comparison results) {
        var groups = groups(golden);
        var rates = groups.stream().map(g -> rate(golden.params(), g.name())).toList();
        var steps = golden.params().integer("total_steps");
        results.expect("lr", table(rates, steps + 1));
        var state = new HashMap<String, NdArray>();
        groups.forEach(g -> g.parameters().forEach((name, type) -> {
            state.put(name, golden.array(START + name));
            state.put(StateNames.moment1(name), NdArray.zeros(type.shape()));
            state.put(StateNames.moment2(name), NdArray.zeros(type.shape()));
        }));
        state.put(StateNames.STEP, NdArray.zeros(Shape.of(1)));
        var trace = new Trajectory(golden, steps);
        try (var optimizer = executor.load(AdamWGraph.build(groups).graph())) {
            for (var k = 0; k < steps; k++) {
                var inputs = new HashMap<>(state);
                for (var i = 0; i < groups.size(); i++) {
                    inputs.put(
                            groups.get(i).rateInput(),
                            NdArray.scalar(rates.get(i).at(k)));
                    trace.gradients(groups.get(i), k, inputs);
                }
                var next = optimizer.run(inputs);
                state.replaceAll((name, before) -> next.getOrDefault(StateNames.updated(name), before));
                trace.record(k, state);
            }
        }
        trace.compare(results);
    }

    private static List<ParameterGroup> groups(GoldenCase golden) {
        var params = golden.params();
        var betas = params.numbers("betas");
        var members = new TreeMap<String, LinkedHashMap<String, Type>>();
        for (var tensor : golden.tensors(Role.PARAM)) {
            var name = tensor.name().substring(START.length());
            var group = name.substring(0, name.indexOf('.'));
            members.computeIfAbsent(group, _ -> new LinkedHashMap<>())
                    .put(name, new Type(DType.FLOAT32, GoldenCase.shape(tensor)));
        }
        var groups = new ArrayList<ParameterGroup>();
        members.forEach((group, types) -> groups.add(new ParameterGroup(
                group, types, params.number("wd_" + group), betas.get(0), betas.get(1), params.number("eps"))));
        return groups;
    }

    private static WarmupCosine rate(Params params, String group) {
        return rate(params, params.number("lr_" + group));
    }

    private static WarmupCosine rate(Params params, double base) {
        return new WarmupCosine(
                base,
                params.integer("warmup_steps"),
                params.integer("total_steps"),
                params.number("start_factor"),
                params.number("eta_min") / base);
    }

    private static NdArray table(List<WarmupCosine> rates, int steps) {
        var table = new double[steps * rates.size()];
        for (var k = 0; k < steps; k++) {
            for (var i = 0; i < rates.size(); i++) {
                table[k * rates.size() + i] = rates.get(i).at(k);
            }
        }
        return NdArray.of(Shape.of(steps, rates.size()), table);
    }

    /// Learning rates of chosen steps.
    static void schedule(GoldenCase golden, Comparison results) {
        var params = golden.params();
        var rates =
                params.numbers("base_lrs").stream().map(b -> rate(params, b)).toList();
        var chosen = golden.array("step_index");
        var all = new double[chosen.size() * rates.size()];
        for (var i = 0; i < all.length; i++) {
            all[i] = rates.get(i % rates.size()).at((long) chosen.get(i / rates.size()));
        }
        results.expect("lr", NdArray.of(Shape.of(chosen.size(), rates.size()), all));
        var largest = rates.stream().mapToDouble(WarmupCosine::base).max().orElse(0);
        var deviation =
                rates.stream().mapToDouble(OptimizerCases::deviation).max().orElse(0);
        results.expect("max_abs_deviation_from_closed_form_over_all_steps", deviation, largest);
    }

    /// How far the schedule is from the formula in its textbook form, over all steps.
    private static double deviation(WarmupCosine rate) {
        var end = rate.base() * rate.finalFraction();
        var warmup = rate.warmupSteps();
        var deviation = 0.0;
        for (var k = 0L; k <= rate.totalSteps(); k++) {
            var formula = k < warmup
                    ? rate.base() * (rate.warmupStart() + (1 - rate.warmupStart()) * k / warmup)
                    : end
                            + (rate.base() - end)
                                    * (1 + Math.cos(Math.PI * (k - warmup) / (rate.totalSteps() - warmup)))
                                    / 2;
            deviation = Math.max(deviation, Math.abs(rate.at(k) - formula));
        }
        return deviation;
    }

    /// All states of all steps, one row a step.
    private static final class Trajectory {
        private static final Map<String, String> EXPECTED =
                Map.of("p/", "", "exp_avg/", StateNames.moment1(""), "exp_avg_sq/", StateNames.moment2(""));

        private final GoldenCase golden;
        private final int steps;
        private final Map<String, double[]> rows = new LinkedHashMap<>();
        private final Map<String, NdArray> gradients = new HashMap<>();

        Trajectory(GoldenCase golden, int steps) {
            this.golden = golden;
            this.steps = steps;
        }

        /// Adds the gradients that are given at step `k`.
        void gradients(ParameterGroup group, int k, Map<String, NdArray> inputs) {
            group.parameters().forEach((name, type) -> {
                var all = gradients.computeIfAbsent(name, n -> golden.array("grads/" + n));
                inputs.put(StateNames.gradient(name), Rows.row(all, k));
            });
        }

        void record(int k, Map<String, NdArray> state) {
            state.forEach((name, array) -> {
                var all = rows.computeIfAbsent(name, _ -> new double[steps * array.size()]);
                System.arraycopy(array.data(), 0, all, k * array.size(), array.size());
            });
        }

        void compare(Comparison results) {
            for (var tensor : golden.tensors(Role.EXPECTED)) {
                EXPECTED.forEach((prefix, ours) -> {
                    if (tensor.name().startsWith(prefix)) {
                        var all = rows.get(ours + tensor.name().substring(prefix.length()));
                        if (all != null) {
                            results.expect(tensor.name(), NdArray.of(GoldenCase.shape(tensor), all));
                        }
                    }
                });
            }
        }
    }
}
