package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.engine.Binding;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.EngineException;
import dev.lejepa.runtime.engine.Outputs;
import dev.lejepa.runtime.engine.Port;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.bytedeco.onnxruntime.IoBinding;
import org.bytedeco.onnxruntime.RunOptions;
import org.bytedeco.onnxruntime.Session;
import org.bytedeco.onnxruntime.Value;

/// An IoBinding: ties that outlive a run.
final class OrtBinding implements Binding {
    /// ONNX Runtime keeps the pinned buffers of a device's copies until a run that waits for the device.
    private static final int RELEASE_EVERY = 64;

    private final OrtModel model;
    private final Session session;
    private final IoBinding binding;
    private final RunOptions runOptions;
    private final RunOptions fetchOptions;
    private final OrtContext context;
    private long runs;
    private final Set<String> untiedInputs = new LinkedHashSet<>();
    private final Set<String> untiedOutputs = new LinkedHashSet<>();

    OrtBinding(OrtModel model, Session session, OrtContext context) {
        this.model = model;
        this.session = session;
        this.binding = new IoBinding(session);
        this.runOptions = new RunOptions();
        this.fetchOptions = new RunOptions();
        this.context = context;
        if (context.cuda().isPresent()) {
            // All graphs and copies are on one stream, so the host need not wait for one before it appends the next.
            runOptions.AddConfigEntry("disable_synchronize_execution_providers", "1");
        }
        model.inputs().forEach(i -> untiedInputs.add(i.name()));
        model.outputs().forEach(o -> untiedOutputs.add(o.name()));
    }

    @Override
    public void input(String name, DeviceTensor tensor) {
        var value = fitting("input", model.input(name), tensor);
        Native.run(model.name() + ": tying input " + name, () -> binding.BindInput(name, value));
        untiedInputs.remove(name);
    }

    @Override
    public void output(String name, DeviceTensor tensor) {
        var value = fitting("output", model.output(name), tensor);
        Native.run(model.name() + ": tying output " + name, () -> binding.BindOutput(name, value));
        untiedOutputs.remove(name);
    }

    private Value fitting(String what, Port info, DeviceTensor tensor) {
        if (!(tensor instanceof BoundTensor ours)) {
            throw new EngineException(Text.format(
                    "%s: tensor '%s' for %s '%s' belongs to another engine",
                    model.name(), tensor.name(), what, info.name()));
        }
        if (!info.accepts(tensor.dtype(), tensor.shape())) {
            throw new EngineException(Text.format(
                    "%s: %s '%s' is %s, but tensor '%s' is %s",
                    model.name(), what, info.name(), info.describe(), tensor.name(), tensor.describe()));
        }
        return ours.value();
    }

    @Override
    public void run() {
        requireTied(untiedInputs);
        requireTied(untiedOutputs);
        runs++;
        run(runs % RELEASE_EVERY == 0 ? fetchOptions : runOptions);
    }

    private void run(RunOptions how) {
        try {
            Native.run(model.name(), () -> session.Run(how, binding));
        } catch (EngineException e) {
            throw context.meaning(e, model.name());
        }
    }

    @Override
    public Outputs fetch() {
        requireTied(untiedInputs);
        untiedOutputs.forEach(o -> binding.BindOutput(o, context.host()));
        run(fetchOptions);
        return new Outputs(allocated());
    }

    private void requireTied(Set<String> untied) {
        if (!untied.isEmpty()) {
            throw new EngineException(Text.format("%s: nothing is tied to %s", model.name(), untied));
        }
    }

    /// The outputs that ONNX Runtime allocated in the last run.
    private Map<String, DeviceTensor> allocated() {
        var tensors = new LinkedHashMap<String, DeviceTensor>();
        try (var names = binding.GetOutputNames();
                var values = binding.GetOutputValues()) {
            for (var i = 0L; i < names.size(); i++) {
                try (var text = names.get(i)) {
                    var name = text.getString();
                    if (untiedOutputs.contains(name)) {
                        // The constructor takes the value over and leaves an empty one behind.
                        tensors.put(name, model.adopt(name, new Value(values.get(i))));
                    }
                }
            }
        }
        return tensors;
    }

    @Override
    public void close() {
        runOptions.close();
        fetchOptions.close();
        binding.close();
    }
}
