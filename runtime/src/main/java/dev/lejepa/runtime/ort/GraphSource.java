package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.onnx.DeviceFormulas;
import dev.lejepa.graphs.onnx.Formula;
import dev.lejepa.graphs.onnx.ProductNodes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
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

    /// The bytes of the graph's file.
    InputStream stream() throws IOException;

    default List<Formula> formulas() throws IOException {
        try (var stream = stream()) {
            return Formula.in(origin(), stream);
        }
    }

    default DeviceFormulas deviceFormulas() throws IOException {
        try (var stream = stream()) {
            return DeviceFormulas.in(origin(), stream);
        }
    }

    default List<ProductNodes> products() throws IOException {
        try (var stream = stream()) {
            return ProductNodes.in(origin(), stream);
        }
    }

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
        public InputStream stream() throws IOException {
            return Files.newInputStream(file);
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
        public InputStream stream() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public Session open(Env env, SessionOptions options) {
            try (var data = new BytePointer(bytes)) {
                return new Session(env, data, bytes.length, options);
            }
        }
    }
}
