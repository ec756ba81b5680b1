package dev.lejepa.tools.bench;

import dev.lejepa.graphs.augment.AugmentGraph;
import dev.lejepa.graphs.augment.CropInput;
import dev.lejepa.graphs.cost.Flops;
import dev.lejepa.graphs.cost.Liveness;
import dev.lejepa.graphs.cost.Traffic;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.programs.BundleBuilder;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.ViewsOn;
import dev.lejepa.graphs.recipe.ViewsSpec;
import dev.lejepa.runtime.engine.Binding;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.Model;
import dev.lejepa.runtime.engine.Port;
import dev.lejepa.trainer.data.Batch;
import dev.lejepa.trainer.data.EpochOrder;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.data.LoaderSize;
import dev.lejepa.trainer.data.TrainLoader;
import dev.lejepa.trainer.train.ViewGroups;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Times views that a device makes: the host's part from images to crops, and the device's, a graph, from crops to
/// views.
///
/// @param source of the images
/// @param recipe says how views are made
/// @param threads of the loader
public record DeviceViewsBench(ImageSource source, Recipe recipe, int threads) {
    private static final int BATCH = 16;
    private static final int BUFFERS = 3;

    /// What an H100 reads and writes in a second: four fifths of 3.35 TB.
    private static final double H100_BYTES = 0.8 * 3.35e12;

    /// What its products of TF32 compute in a second: half of 494 TFLOP, for small matrices.
    private static final double H100_FLOPS = 0.5 * 4.94e14;

    /// Rates and costs.
    ///
    /// @param images in the source
    /// @param crops views that one core cuts from images in a second, decoding included
    /// @param views that the device makes of crops in a second
    /// @param flops of the graph for an image
    /// @param traffic bytes that its nodes read and write for an image
    /// @param memory bytes at its peak for an image
    /// @param h100 images per second of an H100 by an estimate from traffic and the flops of products, one after the
    /// other
    public record Result(int images, double crops, double views, long flops, long traffic, long memory, double h100) {}

    /// @param engine that makes the views
    public Result run(Engine engine) throws InterruptedException {
        var spec = recipe.views().withOn(ViewsOn.DEVICE);
        var batch = Math.min(BATCH, source.size());
        var graph = BundleBuilder.simplify(AugmentGraph.build(
                spec,
                batch,
                spec.groups().stream()
                        .map(g -> CropInput.of(
                                g.name(), g.crop().count(), g.crop().size()))
                        .toList()));
        var limits = recipe.data();
        var store = ImageStore.open(source, limits.maxPixels(), limits.maxBroken(), 0);
        var order = new EpochOrder(recipe.seed(), source, batch);
        var size = new LoaderSize(threads, BUFFERS);
        try (var loader = new TrainLoader(store, order, ViewGroups.fed(spec), 0, Integer.MAX_VALUE, size)) {
            var views = views(engine, graph, loader, spec, batch);
            var images = Pace.perSecondOverall(1, _ -> {
                loader.next().close();
                return batch;
            });
            var products = graph.nodes().stream()
                    .filter(n -> n.op() instanceof Product)
                    .mapToLong(Flops::of)
                    .sum();
            var traffic = Traffic.of(graph);
            return new Result(
                    source.size(),
                    images * spec.count() / threads,
                    views,
                    Flops.of(graph) / batch,
                    traffic / batch,
                    Liveness.peakBytes(graph, 1) / batch,
                    batch / (traffic / H100_BYTES + products / H100_FLOPS));
        }
    }

    private static double views(Engine engine, Graph graph, TrainLoader loader, ViewsSpec spec, int batch)
            throws InterruptedException {
        var lowered = Lowering.lower(graph, engine.target(), Map.of()).proto().toByteArray();
        var tensors = new ArrayList<DeviceTensor>();
        try (var model = engine.load(graph.name(), lowered);
                var binding = model.bind();
                var first = loader.next()) {
            try {
                var outputs = bind(engine, model, binding, first, tensors);
                return Pace.perSecond(1, _ -> {
                    binding.run();
                    finish(outputs);
                    return batch * spec.count();
                });
            } finally {
                tensors.forEach(DeviceTensor::close);
            }
        }
    }

    private static List<DeviceTensor> bind(
            Engine engine, Model model, Binding binding, Batch batch, List<DeviceTensor> tensors) {
        for (var port : model.inputs()) {
            var tensor = allocate(engine, port, tensors);
            tensor.copyFrom(batch.views(port.name()));
            binding.input(port.name(), tensor);
        }
        var outputs = new ArrayList<DeviceTensor>();
        for (var port : model.outputs()) {
            var tensor = allocate(engine, port, tensors);
            binding.output(port.name(), tensor);
            outputs.add(tensor);
        }
        return outputs;
    }

    private static DeviceTensor allocate(Engine engine, Port port, List<DeviceTensor> tensors) {
        var tensor = engine.allocate(
                port.name(),
                port.dtype(),
                port.shape().stream().mapToLong(Long::longValue).toArray());
        tensors.add(tensor);
        return tensor;
    }

    /// Waits for a device that computes on: what is read from it is there.
    private static void finish(List<DeviceTensor> outputs) {
        for (var tensor : outputs) {
            if (!tensor.onHost()) {
                tensor.copyTo(MemorySegment.ofArray(new byte[Math.toIntExact(tensor.byteSize())]));
            }
        }
    }
}
