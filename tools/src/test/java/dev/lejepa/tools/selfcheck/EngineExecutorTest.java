package dev.lejepa.tools.selfcheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.ort.OrtEngine;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The shipped cases in the engine, in single precision: tolerances are those that the cases imply.
class EngineExecutorTest {
    @ParameterizedTest
    @EnumSource(Target.class)
    void allShippedCasesHoldInTheEngine(Target target) throws IOException {
        try (var shipped = ShippedCases.unpack();
                var engine = OrtEngine.open("cpu", EngineOptions.of(1))) {
            var check = new SelfCheck(List.of(new EngineExecutor(engine, target)));
            var report = check.run(CaseFolders.open(shipped.folder()), Set.of(), _ -> {});
            report.cases().forEach(c -> assertEquals(List.of(), c.reasons(), c.name()));
            assertEquals(report.cases().size(), report.passed());
            assertTrue(report.families().stream().allMatch(f -> f.worst().ratio() <= 1));
        }
    }
}
