package dev.lejepa.tools.run;

import dev.lejepa.graphs.TemporaryFolder;
import dev.lejepa.trainer.train.RunFolder;
import dev.lejepa.trainer.train.RunLock;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/// Where a process keeps the files of a run: the first one in the run's folder, which it locks, any other in a folder
/// that goes when it ends.
///
/// @param folder for its files
/// @param lock on the run's folder
/// @param temporary the folder, where it goes
public record RunPlace(RunFolder folder, Optional<RunLock> lock, Optional<TemporaryFolder> temporary)
        implements AutoCloseable {
    /// The run's folder itself, locked.
    ///
    /// @param words told where that takes time
    /// @throws dev.lejepa.graphs.BadInputException if another process has it
    public static RunPlace locked(RunFolder folder, Consumer<String> words) throws IOException, InterruptedException {
        return new RunPlace(folder, Optional.of(RunLock.take(folder.path(), words)), Optional.empty());
    }

    /// A folder that nobody else knows.
    public static RunPlace apart() throws IOException {
        var temporary = TemporaryFolder.create("lejepa-rank");
        return new RunPlace(new RunFolder(temporary.path()), Optional.empty(), Optional.of(temporary));
    }

    /// Ends the program if another process took the run's folder.
    void requireHeld() {
        lock.ifPresent(RunLock::requireHeld);
    }

    @Override
    public void close() throws IOException {
        lock.ifPresent(RunLock::close);
        if (temporary.isPresent()) {
            temporary.get().close();
        }
    }
}
