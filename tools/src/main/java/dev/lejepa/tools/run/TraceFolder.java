package dev.lejepa.tools.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.trainer.train.RunFolder;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/// A recorded run on disk: its bundle, the inputs of each step, and what came out.
///
///     bundle/  step-000001.safetensors  step-000002.safetensors  ...  outputs.jsonl
final class TraceFolder implements AutoCloseable {
    private final Path path;
    private final Writer outputs;

    private TraceFolder(Path path, Writer outputs) {
        this.path = path;
        this.outputs = outputs;
    }

    /// Refuses a folder that holds anything.
    static void requireFree(Path path) throws IOException {
        if (!new RunFolder(path).isFree()) {
            throw new BadInputException(Text.format("--out %s: is not empty; a trace goes to a new folder", path));
        }
    }

    static TraceFolder create(Path path) throws IOException {
        Files.createDirectories(path);
        return new TraceFolder(path, Files.newBufferedWriter(path.resolve("outputs.jsonl")));
    }

    static Path bundle(Path trace) {
        return trace.resolve("bundle");
    }

    /// Where the inputs of a step are written.
    ///
    /// @param step from 1
    Path inputs(long step) {
        return path.resolve(Text.format("step-%06d.safetensors", step));
    }

    /// Adds a line with the metrics of a step that has run.
    ///
    /// @param step from 1
    void outputs(long step, Program program) throws IOException {
        var line = JsonNodeFactory.instance.objectNode().put("step", step);
        program.metrics().forEach((name, tensor) -> {
            if (tensor.dtype() == DType.FLOAT32 && tensor.size() == 1) {
                put(line, name, tensor.item());
            }
        });
        outputs.write(line + "\n");
        outputs.flush();
    }

    /// JSON has no word for numbers that are not finite.
    private static void put(ObjectNode line, String name, float value) {
        if (Float.isFinite(value)) {
            line.put(name, value);
        } else {
            line.putNull(name);
        }
    }

    @Override
    public void close() throws IOException {
        outputs.close();
    }
}
