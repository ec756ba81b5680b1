package dev.lejepa.graphs.ir;

/// Operands that do not fit an operator. The graph adds where it happened and the operands' shapes.
public final class ShapeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ShapeException(String message) {
        super(message);
    }
}
