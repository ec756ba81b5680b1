package dev.lejepa.tools.selfcheck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.tools.selfcheck.CaseResult.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CropCasesTest {
    private final SelfCheck check = new SelfCheck(List.of(new InterpreterExecutor()));

    /// Where a box can be placed at all, it is as often near one end as near the other. A third of the boxes of so wide
    /// an image are as high as it is.
    @ParameterizedTest
    @CsvSource({"0.5, PASSED", "0.45, FAILED", "0.55, FAILED"})
    void placesAreCountedWhereThereIsRoomForThem(String mean, Status expected, @TempDir Path temp) throws IOException {
        var folder = Files.createDirectory(temp.resolve("10_rrc_params"));
        Files.writeString(folder.resolve("case.json"), """
                {"name": "10_rrc_params", "family": "rrc_params",
                 "params": {"height": 10, "width": 16, "draws": 4000},
                 "scalars": {"global_0.3_1": {"top_rel": {"mean": %s}, "left_rel": {"mean": %s}}},
                 "tensors": [], "notes": []}
                """.formatted(mean, mean));
        var result = check.check(GoldenCase.read(folder));
        assertEquals(expected, result.status(), result.reasons().toString());
        assertEquals(2, result.compared());
    }
}
