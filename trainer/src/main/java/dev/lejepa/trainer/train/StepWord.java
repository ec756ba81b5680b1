package dev.lejepa.trainer.train;

import dev.lejepa.trainer.data.BrokenFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// What a process tells the others before each step.
///
/// @param stop whether a person asked it to stop; the rest says nothing then
/// @param waitMillis how long it waited for its images
/// @param images numbers of the images that it read for the step, in order
/// @param broken images that it found to be unreadable since the last step
record StepWord(boolean stop, double waitMillis, List<Integer> images, List<BrokenFiles.Found> broken) {
    /// The word of one that was asked to stop.
    static StepWord stopping() {
        return new StepWord(true, 0, List.of(), List.of());
    }

    byte[] encode() {
        var bytes = new ByteArrayOutputStream();
        try (var to = new DataOutputStream(bytes)) {
            to.writeBoolean(stop);
            to.writeDouble(waitMillis);
            to.writeInt(images.size());
            for (var image : images) {
                to.writeInt(image);
            }
            to.write(BrokenFiles.encode(broken));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // never: it is memory
        }
        return bytes.toByteArray();
    }

    static StepWord decode(byte[] bytes) {
        try (var from = new DataInputStream(new ByteArrayInputStream(bytes))) {
            var stop = from.readBoolean();
            var wait = from.readDouble();
            var count = from.readInt();
            var images = new ArrayList<Integer>(count);
            for (var i = 0; i < count; i++) {
                images.add(from.readInt());
            }
            return new StepWord(stop, wait, images, BrokenFiles.decode(from.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException("a process told something that this one does not understand", e);
        }
    }
}
