package dev.lejepa.graphs.onnx;

import dev.lejepa.graphs.ir.DType;
import java.util.List;

/// What nodes of one operator of the domain `dev.lejepa` look like.
///
/// @param name of their type
/// @param operands element types of the operands
/// @param optional how many of them, at the end, a node may lack
/// @param results element types of the results
public record Signature(String name, List<DType> operands, int optional, List<DType> results) {
    /// The domain of all of them.
    public static final String DOMAIN = "dev.lejepa";
}
