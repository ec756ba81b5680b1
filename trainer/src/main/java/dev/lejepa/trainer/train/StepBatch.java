package dev.lejepa.trainer.train;

import dev.lejepa.trainer.data.Batch;
import dev.lejepa.trainer.data.ImageSource;
import java.nio.file.Path;
import java.util.List;

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

    /// Where all images of the batch lie.
    List<Path> files(ImageSource source) {
        return images.stream().map(source::path).toList();
    }

    @Override
    public void close() {
        own.close();
    }
}
