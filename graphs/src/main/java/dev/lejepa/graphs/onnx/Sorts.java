package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Protos.attribute;

import java.util.List;

/// Sorting of columns in standard ONNX, which has no `Sort`: `TopK` of all, smallest first.
final class Sorts {
    private Sorts() {}

    static List<Ref> topK(Site s) {
        return s.whole(
                "TopK",
                List.of(s.in(0), s.constant(s.type(0).shape().dim(-2))),
                attribute("axis", -2L),
                attribute("largest", 0L),
                attribute("sorted", 1L));
    }

    /// Every element is overwritten, so what it is scattered into does not matter.
    static List<Ref> scatter(Site s) {
        return s.whole("ScatterElements", List.of(s.in(0), s.in(1), s.in(0)), attribute("axis", -2L));
    }
}
