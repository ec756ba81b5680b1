package dev.lejepa.runtime.ort;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.onnx.proto.ModelProto;
import dev.lejepa.graphs.programs.BundleBuilder;
import dev.lejepa.graphs.programs.BundleWriter;
import dev.lejepa.graphs.programs.Manifest.Role;
import dev.lejepa.graphs.programs.Parts;
import dev.lejepa.graphs.recipe.Precision;
import dev.lejepa.runtime.cuda.CudaOperators;
import dev.lejepa.runtime.cuda.Measurements;
import dev.lejepa.runtime.cuda.Numerics;
import dev.lejepa.runtime.cudart.KernelCache;
import dev.lejepa.runtime.cudart.Nvrtc;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.runtime.fixtures.SmallVit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Runs graphs for CUDA whose operators of ours are compiled and launched as on a device, in a process that finds
/// `tools/interop/cuda_emulation` in place of CUDA's libraries: every operator, and steps of training.
final class EmulatedRuns {
    private static final String ARCHITECTURE = "sm_90"; // of which all kernels of older ones are too

    private static final Set<String> CONVOLUTIONS = Set.of("Conv", "ConvDataGrad", "ConvWeightsGrad"); // cuDNN's
    private static final Set<String> WIDE_PRODUCTS = Set.of("ProductRows"); // kernels are for bfloat16 alone

    /// Gradients are summed up in float32 in another order: 4e-6 where they were furthest apart.
    private static final double SUMMED = 2e-5;

    /// Another order of rounding to bfloat16 is as far from float32 as the first, up to a half where few numbers are
    /// summed up.
    private static final double TIMES_FURTHER = 2;

    /// Of two kernels that take the same shape the rule takes the first; these times let the second be taken.
    private static final Measurements LAST = (_, _) -> new double[] {2, 1};

    private int failed;

    private EmulatedRuns() {}

    /// @param args a folder for bundles
    public static void main(String[] args) throws IOException {
        var options = EngineOptions.of(2).withSpin(false);
        var compiler = Nvrtc.open(KernelCache.ofUser(System.out::println)).orElseThrow();
        var kernels = new CudaOperators(compiler, ARCHITECTURE, new Numerics(false, false), Optional.of(LAST));
        var runs = new EmulatedRuns();
        try (var emulated = OrtEngine.openEmulated(options, kernels);
                var host = OrtEngine.open("cpu", options);
                var definitions = OrtEngine.open("cpu", options.withOwnKernels(false))) {
            runs.operators(emulated);
            var folder = Path.of(args[0]);
            try (var exact = vit(host, Target.ORT, Precision.FP32, folder.resolve("exact"));
                    var wide = vit(emulated, Target.CUDA, Precision.FP32, folder.resolve("wide"));
                    var rounded = vit(emulated, Target.CUDA, Precision.BF16, folder.resolve("rounded"));
                    var defined = vit(definitions, Target.CUDA, Precision.BF16, folder.resolve("defined"))) {
                for (var p : new Program[] {exact, wide, rounded, defined}) {
                    SmallVit.step(p, 0, 0);
                }
                runs.gradients(exact, wide, rounded, defined);
            }
        }
        System.exit(runs.failed == 0 ? 0 : 1);
    }

    private void operators(Engine engine) {
        var cases = OpCases.all().stream()
                .filter(c -> !c.what().endsWith(OpCase.NOT_CUDA_KERNELS) && !WIDE_PRODUCTS.contains(c.op()))
                .toList();
        cases.forEach(c -> operator(engine, c, LoweringMatchesInterpreterTest.TOLERANCE));
        var rounded = OpCases.roundedOnCuda().stream()
                .filter(c -> !CONVOLUTIONS.contains(c.op()))
                .toList();
        rounded.forEach(c -> operator(engine, c, LoweringMatchesInterpreterTest.ROUNDED_TOLERANCE));
        if (cases.isEmpty() || rounded.isEmpty()) {
            fail("no operators");
        }
    }

    private void operator(Engine engine, OpCase c, double tolerance) {
        try {
            LoweringMatchesInterpreterTest.assertEngineAgrees(engine, c, Target.CUDA, tolerance);
        } catch (RuntimeException | AssertionError e) {
            fail(c + ": " + e.getMessage());
        }
    }

    /// A tenth of them are the first moments after one step.
    private void gradients(Program exact, Program wide, Program rounded, Program defined) {
        var compared = 0;
        for (var s : exact.states().declared(Role.MOMENT1)) {
            var expected = exact.states().get(s.name()).toFloats();
            if (norm(expected) == 0) {
                continue; // a bias before a BatchNorm
            }
            var summed = distance(wide, s.name(), expected);
            if (!(summed <= SUMMED)) {
                fail("fp32: %s is off by %.2g".formatted(s.name(), summed));
            }
            var kernels = distance(rounded, s.name(), expected);
            var definitions = distance(defined, s.name(), expected);
            if (!(kernels <= TIMES_FURTHER * definitions)) {
                fail("bf16: %s is off by %.2g, by definitions %.2g".formatted(s.name(), kernels, definitions));
            }
            compared++;
        }
        if (compared == 0) {
            fail("no gradients");
        }
    }

    private static double distance(Program program, String state, float[] expected) {
        var difference = program.states().get(state).toFloats();
        for (var i = 0; i < difference.length; i++) {
            difference[i] -= expected[i];
        }
        return norm(difference) / norm(expected);
    }

    private static double norm(float[] x) {
        var sum = 0.0;
        for (var v : x) {
            sum += (double) v * v;
        }
        return Math.sqrt(sum);
    }

    private void fail(String what) {
        System.out.println(what);
        failed++;
    }

    private static Program vit(Engine engine, Target target, Precision precision, Path bundle) throws IOException {
        var recipe = SmallVit.recipe(dev.lejepa.graphs.recipe.Target.ORT, precision);
        var json = JsonNodeFactory.instance.objectNode();
        BundleWriter.write(BundleBuilder.build(recipe, json, SmallVit.CLASSES, target, Parts.WHOLE), bundle);
        if (target == Target.CUDA) {
            takeOverToHost(bundle);
        }
        var program = Program.open(engine, bundle);
        program.initialize();
        return program;
    }

    private static void takeOverToHost(Path bundle) throws IOException {
        try (Stream<Path> files = Files.list(bundle)) {
            for (var f : files.filter(f -> f.toString().endsWith(".onnx")).toList()) {
                Files.write(
                        f,
                        HostTwin.of(ModelProto.parseFrom(Files.readAllBytes(f))).toByteArray());
            }
        }
    }
}
