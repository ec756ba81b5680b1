package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.onnx.Formula;
import dev.lejepa.graphs.onnx.RowFormula;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.onnxruntime.Env;
import org.bytedeco.onnxruntime.Session;
import org.bytedeco.onnxruntime.SessionOptions;

/// Where a graph comes from.
sealed interface GraphSource {
    /// What messages call the graph.
    String name();

    /// What messages call the place where it is found.
    String origin();

    List<Formula> formulas() throws IOException;

    List<RowFormula> rowFormulas() throws IOException;

    Session open(Env env, SessionOptions options);

    record OfFile(Path file) implements GraphSource {
        @Override
        public String name() {
            return PathText.shown(file.getFileName());
        }

        @Override
        public String origin() {
            return PathText.shown(file);
        }

        @Override
        public List<Formula> formulas() throws IOException {
            return Formula.in(file);
        }

        @Override
        public List<RowFormula> rowFormulas() throws IOException {
            return RowFormula.in(file);
        }

        @Override
        public Session open(Env env, SessionOptions options) {
            try (var path = Native.path(file)) {
                return new Session(env, path, options);
            }
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record OfBytes(String name, byte[] bytes) implements GraphSource {
        @Override
        public String origin() {
            return name;
        }

        @Override
        public List<Formula> formulas() throws IOException {
            return Formula.in(name, new ByteArrayInputStream(bytes));
        }

        @Override
        public List<RowFormula> rowFormulas() throws IOException {
            return RowFormula.in(name, new ByteArrayInputStream(bytes));
        }

        @Override
        public Session open(Env env, SessionOptions options) {
            try (var data = new BytePointer(bytes)) {
                return new Session(env, data, bytes.length, options);
            }
        }
    }
}
