package dev.lejepa.runtime.engine;

/// Ties between a graph's inputs and outputs and the tensors they are read from and written to, made once and kept over
/// many runs. An output may be tied to the very tensor of an input: the graph then updates it in place, which is right
/// only if every other reader of that input is an ancestor of the node that writes it.
public interface Binding extends AutoCloseable {
    /// Reads an input from this tensor from now on; cheap enough to be called before every run.
    ///
    /// @throws EngineException if there is no such input or the tensor does not fit it
    void input(String name, DeviceTensor tensor);

    /// Writes an output to this tensor from now on.
    ///
    /// @throws EngineException if there is no such output or the tensor does not fit it
    void output(String name, DeviceTensor tensor);

    /// Runs the graph. All inputs and outputs must be tied.
    void run();

    /// Runs the graph and returns the outputs that are tied to no tensor in new ones, which belong to the caller. All
    /// inputs must be tied.
    Outputs fetch();

    @Override
    void close();
}
