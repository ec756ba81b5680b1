package dev.lejepa.trainer.train;

import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.programs.TrainGraph;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.trainer.data.Batch;
import dev.lejepa.trainer.data.ImageSource;
import java.util.List;
import java.util.OptionalDouble;

/// The batch of a step: the images that this process computes, and what it knows of those of others.
///
/// @param own the images of this process
/// @param images numbers of all images of the batch, as they were read
/// @param waitMillis how long the process that waited longest waited for its images
/// @param began when the wait was over, by [System#nanoTime]
record StepBatch(Batch own, List<Integer> images, double waitMillis, long began) implements AutoCloseable {
    /// Labels of all images of the batch.
    long[] labels(ImageSource source) {
        return images.stream().mapToLong(source::label).toArray();
    }

    /// What is told of its step, when that has run.
    ///
    /// @param step from 1
    /// @param rate the model's learning rate
    TrainEvent.StepDone done(long step, int epoch, Program program, double rate, ImageSource source) {
        var probeLoss = program.metrics().containsKey(TrainGraph.PROBE_LOSS)
                ? OptionalDouble.of(program.metric(TrainGraph.PROBE_LOSS))
                : OptionalDouble.empty();
        var loss = program.metric(TrainGraph.LOSS); // waits for the device
        var seconds = (System.nanoTime() - began) / 1e9;
        var files = images.stream().map(source::path).map(PathText::text).toList();
        return new TrainEvent.StepDone(
                step,
                epoch,
                loss,
                program.metric(TrainGraph.INVARIANCE),
                program.metric(TrainGraph.SIGREG),
                probeLoss,
                rate,
                images.size() / seconds,
                waitMillis,
                files);
    }

    @Override
    public void close() {
        own.close();
    }
}
