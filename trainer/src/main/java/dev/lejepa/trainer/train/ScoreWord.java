package dev.lejepa.trainer.train;

import dev.lejepa.trainer.data.BrokenFiles;
import dev.lejepa.trainer.eval.ClassScores;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/// What a process tells the others of its share of the held-out images.
///
/// @param scores of its images; none where it was asked to stop before the last of them
/// @param broken images that it found to be unreadable
record ScoreWord(Optional<ClassScores> scores, List<BrokenFiles.Found> broken) {
    byte[] encode() {
        var bytes = new ByteArrayOutputStream();
        try (var to = new DataOutputStream(bytes)) {
            to.writeBoolean(scores.isPresent());
            if (scores.isPresent()) {
                scores.get().write(to);
            }
            to.write(BrokenFiles.encode(broken));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // never: it is memory
        }
        return bytes.toByteArray();
    }

    static ScoreWord decode(byte[] bytes) {
        try (var from = new DataInputStream(new ByteArrayInputStream(bytes))) {
            var scores = from.readBoolean() ? Optional.of(ClassScores.read(from)) : Optional.<ClassScores>empty();
            return new ScoreWord(scores, BrokenFiles.decode(from.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException("a process told something that this one does not understand", e);
        }
    }
}
