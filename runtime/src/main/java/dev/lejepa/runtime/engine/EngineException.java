package dev.lejepa.runtime.engine;

/// A fault of the engine or of a graph that it was given, named with the graph and, where known, the node and tensor.
/// Not the fault of what a person gave us: that is a [dev.lejepa.graphs.BadInputException].
public final class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EngineException(String message) {
        super(message);
    }

    public EngineException(String message, Throwable cause) {
        super(message, cause);
    }
}
