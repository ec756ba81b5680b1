package dev.lejepa.runtime.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Pixels;
import dev.lejepa.graphs.nn.Views;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.runtime.ort.OrtEngine;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PixelsTest {
    private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
    private static final float[] STD = {0.229f, 0.224f, 0.225f};
    private static final int LEVELS = 256;

    /// torchvision divides by 255, subtracts and divides again, each time rounding to float32.
    @ParameterizedTest
    @EnumSource(names = {"PORTABLE", "ORT", "CUDA"})
    void graphNormalizesEveryLevelAsTorchvisionBitForBit(Target target) {
        var graph = new Graph("normalize");
        var pixels = new Pixels.Levels(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));
        graph.output("y", pixels.input(new Declarations(graph), "x", Shape.batched(1, 3, 16, 16), Views.NONE));
        var levels = new byte[3 * LEVELS];
        var expected = new float[3 * LEVELS];
        for (var i = 0; i < levels.length; i++) {
            levels[i] = (byte) i;
            expected[i] = (i % LEVELS / 255f - MEAN[i / LEVELS]) / STD[i / LEVELS];
        }
        try (var engine = OrtEngine.open("cpu", EngineOptions.of(1));
                var model = engine.load(
                        "normalize",
                        Lowering.lower(graph, target, Map.of()).proto().toByteArray());
                var x = engine.allocate("x", DType.UINT8, 1, 3, 16, 16)) {
            x.copyFrom(MemorySegment.ofArray(levels));
            try (var out = model.run(Map.of("x", x))) {
                assertArrayEquals(expected, out.get("y").toFloats());
            }
        }
    }
}
