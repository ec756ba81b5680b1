package dev.lejepa.graphs.onnx;

import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;

/// A value of the ONNX graph under construction.
record Ref(String name, Type type) {
    Shape shape() {
        return type.shape();
    }
}
