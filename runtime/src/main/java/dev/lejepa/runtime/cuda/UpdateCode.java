package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.onnx.UpdateFormula.Settings;
import dev.lejepa.graphs.onnx.UpdateFormula.Update;
import java.util.List;
import java.util.stream.Collectors;

/// Writes the CUDA kernel of all updates. It takes one structure: for each of [#settings] the addresses of learning rate
/// and step, then ten words for each update.
final class UpdateCode {
    static final String NAME = "update_weights";
    static final String SOURCE = "updates.cu";

    private static final String INSTRUCTIONS = "instructions.cu";

    private UpdateCode() {}

    /// The different settings, in the order in which they come.
    static List<Settings> settings(List<Update> updates) {
        return updates.stream().map(Update::settings).distinct().toList();
    }

    static String source(List<Update> updates) {
        var settings = settings(updates);
        return CudaSource.read(INSTRUCTIONS)
                + Text.format(
                        "#define UPDATES %d\n#define SETTINGS %d\n#define CHUNK %d\n#define THREADS %d\n",
                        updates.size(), settings.size(), UpdateGrid.CHUNK, UpdateGrid.THREADS)
                + "struct Settings { double rest1, rest2; float epsilon; double decay; };\n"
                + "__constant__ Settings allSettings[SETTINGS] = {"
                + settings.stream().map(UpdateCode::written).collect(Collectors.joining(", "))
                + "};\n"
                + CudaSource.read(SOURCE);
    }

    private static String written(Settings s) {
        return Text.format(
                "{%s, %s, %sf, %s}", s.oneMinusBeta1(), s.oneMinusBeta2(), (float) s.epsilon(), s.weightDecay());
    }
}
