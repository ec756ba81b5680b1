package dev.lejepa.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.trainer.train.RunFolder;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoReportTest {
    private static final DemoResult RESULT =
            new DemoResult(4000, 1000, 0.417, 0.16, 0.12, 0.1, 163.04, new RunFolder(Path.of("runs", "demo")));

    private static List<String> report(Charset charset) {
        return DemoReport.of(RESULT, new PrintStream(new ByteArrayOutputStream(), false, charset));
    }

    @Test
    void allFourAccuraciesStandAsBarsOfTheirLength() {
        List<String> bars = report(StandardCharsets.UTF_8).stream()
                .filter(l -> l.contains(" %  "))
                .toList();
        assertEquals(
                List.of(
                        "  the trained encoder     41.7 %  " + "█".repeat(21),
                        "  the untrained encoder   16.0 %  " + "█".repeat(8),
                        "  raw pixels              12.0 %  " + "█".repeat(6),
                        "  chance                  10.0 %  " + "█".repeat(5)),
                bars);
    }

    @Test
    void terminalWithoutBlocksGetsPlainCharacters() {
        assertTrue(
                report(StandardCharsets.US_ASCII).stream().allMatch(StandardCharsets.US_ASCII.newEncoder()::canEncode));
    }

    @Test
    void reportNamesEncoderLogsAndViews() {
        String all = String.join("\n", report(StandardCharsets.UTF_8));
        for (String name : List.of(
                "report.html",
                "encoder.onnx",
                "metrics.jsonl",
                "tensorboard",
                "views.png",
                "untrained.onnx",
                "images")) {
            assertTrue(all.contains("\n  " + Path.of("runs", "demo", name) + " "), () -> name + " in " + all);
        }
        assertTrue(all.contains("2 min 43 s"), all);
    }

    @Test
    void jsonHasTheNamesThatScriptsRelyOn() {
        assertEquals(
                "{\"probe_top1\":0.417,\"untrained_top1\":0.16,\"pixel_top1\":0.12,\"chance\":0.1,\"seconds\":163.0,"
                        + "\"run\":\"runs/demo\",\"encoder\":\"runs/demo/encoder.onnx\"}",
                RESULT.json().toString());
    }
}
