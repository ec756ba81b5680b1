package dev.lejepa.tools.cli;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.tools.report.Computing;
import dev.lejepa.tools.report.RunReport;
import dev.lejepa.trainer.train.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// The report at the end of a run. Whatever the run was for is on the disk by then: data that allow none are told, and
/// change nothing else.
final class FinishedReport {
    private FinishedReport() {}

    /// Writes it into the run's folder.
    ///
    /// @param computing where the run computed
    /// @return where it is; empty where there can be none
    /// @throws IOException if it cannot be written
    static Optional<Path> write(RunFolder folder, Computing computing, Console console) throws IOException {
        try {
            return Optional.of(
                    RunReport.write(folder, folder.report(), computing).file());
        } catch (BadInputException e) {
            console.note("note: no report was written: " + e.getMessage());
            return Optional.empty();
        }
    }
}
