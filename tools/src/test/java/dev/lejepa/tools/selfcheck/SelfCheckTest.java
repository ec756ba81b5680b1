package dev.lejepa.tools.selfcheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.npy.NpyFile;
import dev.lejepa.tools.selfcheck.CaseResult.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The shipped cases in double precision, where a wrong formula cannot hide behind rounding; and cases that must fail.
class SelfCheckTest {
    private static ShippedCases shipped;

    private final SelfCheck check = new SelfCheck(List.of(new InterpreterExecutor()));

    @TempDir
    private Path temp;

    @BeforeAll
    static void unpack() throws IOException {
        shipped = ShippedCases.unpack();
    }

    @AfterAll
    static void remove() throws IOException {
        shipped.close();
    }

    static Stream<Path> shippedCases() throws IOException {
        try (var folders = Files.list(shipped.folder())) {
            return folders.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("shippedCases")
    void shippedCaseHoldsInDoublePrecision(Path folder) {
        var result = check.check(GoldenCase.read(folder));
        assertEquals(List.of(), result.reasons());
        assertEquals(Status.PASSED, result.status());
        assertTrue(result.compared() > 0);
    }

    @Test
    void everyExpectedNumberOfAShippedCaseIsCompared() {
        var result = check.check(GoldenCase.read(shipped.folder().resolve("05_lejepa_loss_v2n24k8_lamb0.5")));
        assertEquals(6, result.compared());
        assertEquals(0, result.ignored());
    }

    @ParameterizedTest
    @CsvSource({
        "01_sigreg_minimal_v1n16k4, stat_per_view_slice.npy, stat_per_view_slice",
        "05_lejepa_dialect_paper_v3g1n16k6_lamb0.1, dinv_dproj.npy, dinv_dproj",
        "06_adamw_minimal_eta_above_lr, exp_avg_sq_g2.b.npy, exp_avg_sq/g2.b",
        "07_projector_mlp_b12_i10_h14_6, buffers_after2_1.running_var.npy, buffers_after2/1.running_var",
        "12_train_steps, losses_inv.npy, losses/inv",
    })
    void anExpectedNumberThatIsALittleOffFails(String name, String file, String tensor) throws IOException {
        var folder = copy(name);
        var npy = NpyFile.read(folder.resolve(file));
        var values = npy.toDoubles();
        var largest = 0;
        for (var i = 0; i < values.length; i++) {
            largest = Math.abs(values[i]) > Math.abs(values[largest]) ? i : largest;
        }
        values[largest] *= 1 + 1e-8; // the tolerance is 1e-9
        var shape = npy.shape().stream().mapToInt(Math::toIntExact).toArray();
        NpyFile.write(folder.resolve(file), values, shape);
        var result = check.check(GoldenCase.read(folder));
        assertEquals(Status.FAILED, result.status());
        assertEquals(1, result.reasons().size());
        assertTrue(
                result.reasons().getFirst().startsWith(tensor + "["),
                result.reasons().getFirst());
    }

    @Test
    void aPixelThatIsOneLevelOffFails() throws IOException {
        var folder = copy("10_hue_cifar");
        var npy = NpyFile.read(folder.resolve("pil_f3.npy"));
        var levels = npy.toBytes();
        levels[100] ^= 1;
        NpyFile.write(
                folder.resolve("pil_f3.npy"),
                levels,
                npy.shape().stream().mapToInt(Math::toIntExact).toArray());
        assertEquals(Status.FAILED, check.check(GoldenCase.read(folder)).status());
    }

    @Test
    void aScalarThatIsALittleOffFails() throws IOException {
        var folder = copy("11_probe_n24_d16_c10");
        rewrite(folder, "3.0400536298763456", "3.0400536398763456");
        var result = check.check(GoldenCase.read(folder));
        assertEquals(Status.FAILED, result.status());
        assertTrue(
                result.reasons().getFirst().startsWith("loss is 3.04005363"),
                result.reasons().getFirst());
    }

    @Test
    void anExpectedTensorThatNobodyComputesFails() throws IOException {
        var folder = copy("11_view_order");
        rewrite(folder, "\"name\": \"flat\"", "\"name\": \"flat\", \"renamed\": true");
        rewrite(
                folder,
                "\"tensors\": [",
                "\"tensors\": [{\"name\": \"more\", \"role\": \"expected\", \"file\": \"proj.npy\","
                        + " \"dtype\": \"float32\", \"shape\": [4, 3, 5]},");
        var result = check.check(GoldenCase.read(folder));
        assertEquals(List.of("more was not computed"), result.reasons());
    }

    @Test
    void kindsThatAreNotBuiltAreSkipped() throws IOException {
        var folder = copy("11_view_order");
        rewrite(folder, "\"view_order\"", "\"tea_leaves\"");
        var result = check.check(GoldenCase.read(folder));
        assertEquals(Status.SKIPPED, result.status());
        assertEquals(List.of("kind 'tea_leaves' is not built"), result.reasons());
    }

    @Test
    void countsAreThoseOfTheChosenFamiliesAlone() throws IOException {
        var report = check.run(CaseFolders.open(shipped.folder()), Set.of("05", "11"), _ -> {});
        assertEquals("5 passed, 0 failed, 0 skipped", report.summary());
        assertEquals(
                List.of("05", "11"),
                report.families().stream().map(SelfCheckReport.Family::family).toList());
        assertEquals(18, report.families().getFirst().compared());
    }

    @Test
    void aFamilyWithoutCasesIsRefused() throws IOException {
        var folders = CaseFolders.open(shipped.folder());
        var e = assertThrows(BadInputException.class, () -> check.run(folders, Set.of("77"), _ -> {}));
        assertTrue(e.getMessage().contains(": no cases of family 77; there are those of 01, 05"), e.getMessage());
    }

    @Test
    void aFolderWithoutCasesIsRefused() {
        var e = assertThrows(BadInputException.class, () -> CaseFolders.open(temp));
        assertTrue(e.getMessage().endsWith("holds no cases: no folder in it has a case.json"), e.getMessage());
        assertThrows(BadInputException.class, () -> CaseFolders.open(temp.resolve("nowhere")));
    }

    @Test
    void aFolderWhoseNameBeginsWithNoFamilyIsRefused() throws IOException {
        Files.createDirectory(temp.resolve("mine"));
        Files.writeString(temp.resolve("mine/case.json"), "{}");
        var e = assertThrows(BadInputException.class, () -> CaseFolders.open(temp));
        assertTrue(e.getMessage().startsWith("case 'mine': its name begins with no family"), e.getMessage());
    }

    @Test
    void aParameterThatIsMissingIsNamedAndFailsItsCaseAlone() throws IOException {
        var folder = copy("05_lejepa_loss_v2n24k8_lamb0.5");
        rewrite(folder, "\"lamb\"", "\"lamp\"");
        var result = check.check(GoldenCase.read(folder));
        assertEquals(Status.FAILED, result.status());
        assertTrue(
                result.reasons().getFirst().contains("case.json.params: 'lamb' is missing"),
                result.reasons().getFirst());
    }

    private Path copy(String name) throws IOException {
        var from = shipped.folder().resolve(name);
        var to = Files.createDirectory(temp.resolve(name));
        try (var files = Files.list(from)) {
            for (var file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return to;
    }

    private static void rewrite(Path folder, String from, String to) throws IOException {
        var file = folder.resolve(GoldenCase.DESCRIPTION);
        var text = Files.readString(file);
        assertTrue(text.contains(from), from);
        Files.writeString(file, text.replace(from, to));
    }
}
