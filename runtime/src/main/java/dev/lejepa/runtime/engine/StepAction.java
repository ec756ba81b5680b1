package dev.lejepa.runtime.engine;

import java.util.List;

/// One thing that a step does; a step is a list of them, made once.
sealed interface StepAction {
    /// Lets the caller bind what a micro-batch reads.
    record Feed(int microBatch) implements StepAction {}

    /// Runs a stage.
    ///
    /// @param ties that differ from run to run
    record Run(BoundStage stage, List<Tie> ties) implements StepAction {}

    /// Puts the rows of all processes together.
    record Gather(DeviceTensor mine, DeviceTensor all) implements StepAction {}

    /// Copies rows.
    record Copy(DeviceTensor from, DeviceTensor to) implements StepAction {}

    /// Sets tensors to zero that stages add to.
    record Zero(List<DeviceTensor> tensors) implements StepAction {}

    /// Begins to add up a tensor over processes.
    record Reduce(DeviceTensor bucket) implements StepAction {}

    /// Waits for all sums that were begun.
    record Await() implements StepAction {}

    /// An input or output of a stage and the tensor that it is tied to before a run.
    sealed interface Tie {
        void tie(Binding binding);

        /// An input.
        record Input(String name, DeviceTensor tensor) implements Tie {
            @Override
            public void tie(Binding binding) {
                binding.input(name, tensor);
            }
        }

        /// An output.
        record Output(String name, DeviceTensor tensor) implements Tie {
            @Override
            public void tie(Binding binding) {
                binding.output(name, tensor);
            }
        }
    }
}
