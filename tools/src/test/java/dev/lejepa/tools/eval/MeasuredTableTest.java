package dev.lejepa.tools.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.trainer.layout.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasuredTableTest {
    /// What the publication gives as averages: numbers of the table that were not copied into it.
    private static final List<String> AVERAGES =
            List.of("29.55", "31.58", "30.20", "60.95", "60.70", "60.51", "79.48", "77.56", "78.50");

    @TempDir
    Path folder;

    @Test
    void publishedRowsHaveThePublishedAverages() throws IOException {
        var lines = MeasuredTable.of(Optional.empty()).lines();
        assertEquals(
                "| shots | model | params | pretrain | epochs | dtd | aircraft | cars | cifar10 | cifar100 | flowers102 |"
                        + " food101 | pets | avg. |",
                lines.getFirst());
        var rows = lines.subList(2, 11);
        for (var i = 0; i < AVERAGES.size(); i++) {
            assertTrue(rows.get(i).endsWith(" | " + AVERAGES.get(i) + " |"), rows.get(i));
        }
        assertEquals(
                "| 1 | LeJEPA ViT-L | 304M | IN-1K | 100 | 33.21 | 9.37 | 3.40 | 51.65 | 27.01 | 48.53 | 17.14 |"
                        + " 46.11 | 29.55 |",
                rows.getFirst());
    }

    @Test
    void anEvaluationStandsBesideTheRowsOfAsManyShots() throws IOException {
        var lines = MeasuredTable.of(Optional.empty())
                .with("mine", Layout.CARS, Map.of("all", 12.345, "5", 1.0))
                .lines();
        assertEquals("| 5 | mine | - | - | - | - | - | 1.00 | - | - | - | - | - | - |", lines.get(5));
        assertTrue(lines.get(11).startsWith("| all | I-JEPA"), lines.get(11));
        assertEquals("| all | mine | - | - | - | - | - | 12.35 | - | - | - | - | - | - |", lines.get(12));
    }

    @Test
    void aFolderGathersWhatItsEvaluationsGave() throws IOException {
        for (Layout layout : PublishedTable.COLUMNS) {
            var first = layout == Layout.DTD;
            MeasuredTable.of(Optional.of(folder))
                    .with("mine", layout, Map.of("1", first ? 99.0 : 20.0))
                    .write(folder);
        }
        MeasuredTable.of(Optional.of(folder))
                .with("mine", Layout.DTD, Map.of("1", 28.0))
                .write(folder);
        assertTrue(Files.readString(folder.resolve("table.md"))
                .contains("| 1 | mine | - | - | - | 28.00 | 20.00 | 20.00 | 20.00 | 20.00 | 20.00 | 20.00 | 20.00 |"
                        + " 21.00 |\n"));
    }

    @Test
    void aFileThatIsNoTableIsRefused() throws IOException {
        for (var text :
                List.of("{", "[{\"encoder\": \"a\", \"layout\": \"none\", \"shots\": \"1\", \"top1\": 1}]", "[1]")) {
            Files.writeString(folder.resolve("table.json"), text);
            var said = assertThrows(BadInputException.class, () -> MeasuredTable.of(Optional.of(folder)))
                    .getMessage();
            assertTrue(said.startsWith(folder.resolve("table.json") + ": is no table of evaluations"), said);
        }
    }

    @Test
    void dataSetsWithoutAColumnAreRefused() {
        assertThrows(BadInputException.class, () -> MeasuredTable.requireColumn(Optional.of(Layout.IMAGENET)));
        assertThrows(BadInputException.class, () -> MeasuredTable.requireColumn(Optional.empty()));
        assertEquals(Layout.PETS, MeasuredTable.requireColumn(Optional.of(Layout.PETS)));
    }
}
