package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.npy.NpyFile;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.runtime.engine.EngineException;
import dev.lejepa.tools.stat.StatRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatCommandTest {
    private static final int N = 60;
    private static final int D = 3;

    @TempDir
    Path folder;

    private final double[] x = new double[N * D];

    @BeforeEach
    void write() throws IOException {
        var draws = Key.of(5).draws();
        // multiples of 1/64, which half precision has too
        Arrays.setAll(x, _ -> Math.rint(draws.normal() * 64) / 64);
        save("x.npy", x);
        var a = new double[D * 2];
        Arrays.setAll(a, _ -> draws.normal());
        NpyFile.write(folder.resolve("a.npy"), a, D, 2);
        NpyFile.write(folder.resolve("wide.npy"), new double[] {1, 2, 3, 4}, 4, 1);
        NpyFile.write(folder.resolve("zero.npy"), new double[D], D, 1);
        NpyFile.write(folder.resolve("vector.npy"), new double[] {1, 2, 3}, 3);
        NpyFile.write(folder.resolve("one.npy"), new double[] {1, 2, 3}, 1, 3);
        NpyFile.write(folder.resolve("nan.npy"), new double[] {1, Double.NaN, 3, 1e300, 5, 6}, 3, 2);
        var whole = Files.readAllBytes(folder.resolve("x.npy"));
        Files.write(folder.resolve("cut.npy"), Arrays.copyOf(whole, whole.length - 3));
        raw("object.npy", "|O", false, new byte[8]);
    }

    private void save(String name, double[] values) throws IOException {
        NpyFile.write(folder.resolve(name), values, N, D);
    }

    private void raw(String name, String dtype, boolean fortran, byte[] data) throws IOException {
        var dict = "{'descr': '%s', 'fortran_order': %s, 'shape': (%d, %d), }\n"
                .formatted(dtype, fortran ? "True" : "False", N, D)
                .getBytes(StandardCharsets.ISO_8859_1);
        var all = ByteBuffer.allocate(10 + dict.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        all.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) dict.length);
        Files.write(folder.resolve(name), all.put(dict).put(data).array());
    }

    private Told stat(String words) {
        var all = new ArrayList<>(List.of("stat", "--json", "--device", "cpu"));
        for (var word : words.split(" ")) {
            all.add(word.endsWith(".npy") ? folder.resolve(word).toString() : word);
        }
        return Told.by(all);
    }

    private JsonNode done(String words) {
        var told = stat(words);
        assertEquals(ExitCode.DONE, told.code(), told.err());
        return told.json();
    }

    @Test
    void statisticOfEachColumnIsThatOfTheFormula() {
        var json = done("--test vcreg --embeddings x.npy");
        var sum = 0.0;
        for (var j = 0; j < D; j++) {
            var m = 0.0;
            for (var i = 0; i < N; i++) {
                m += x[i * D + j] / N;
            }
            var v = 0.0;
            for (var i = 0; i < N; i++) {
                v += (x[i * D + j] - m) * (x[i * D + j] - m) / (N - 1);
            }
            var expected = N * m * m + (N - 1) * (v - 1) * (v - 1) / 2;
            assertEquals(expected, json.get("per_column").get(j).asDouble(), 1e-4 * (1 + expected));
            sum += expected / D;
        }
        assertEquals(sum, json.get("statistic").asDouble(), 1e-4 * (1 + sum));
        assertEquals(N, json.get("n").asInt());
        assertEquals(D, json.get("d").asInt());
        assertEquals("asymptotic", json.get("p_value_method").asText());
        assertEquals(
                Math.exp(-json.get("per_column").get(1).asDouble() / 2),
                json.get("p_values").get(1).asDouble(),
                1e-9);
    }

    @ParameterizedTest
    @CsvSource({
        "--test epps_pulley",
        "--test anderson_darling",
        "--test vcreg --param slices=5 --param reduction=sum",
        "--test epps_pulley --directions a.npy --param clip=0.3",
        "--test bhep --param beta=0.7",
        "--test comb",
    })
    void gradientIsThatOfFiniteDifferences(String words) throws IOException {
        done(words + " --embeddings x.npy --grad g.npy");
        var gradient = NpyFile.read(folder.resolve("g.npy"));
        assertEquals(List.of((long) N, (long) D), gradient.shape());
        var step = 1.0 / 64;
        for (var at : isolated(2 * step)) {
            var moved = x.clone();
            moved[at] += step;
            save("more.npy", moved);
            moved[at] -= 2 * step;
            save("less.npy", moved);
            var slope = (done(words + " --embeddings more.npy").get("statistic").asDouble()
                            - done(words + " --embeddings less.npy")
                                    .get("statistic")
                                    .asDouble())
                    / (2 * step);
            assertEquals(slope, gradient.get(at), 2e-3 * (1 + Math.abs(slope)), words + " at " + at);
        }
    }

    /// Some elements whose rank in their column does not change when they are moved: where it does, there is a kink.
    private List<Integer> isolated(double by) {
        return IntStream.range(0, N * D)
                .filter(at -> IntStream.range(0, N)
                        .map(i -> i * D + at % D)
                        .allMatch(other -> other == at || Math.abs(x[other] - x[at]) > by))
                .limit(4)
                .boxed()
                .toList();
    }

    @Test
    void everyTypeAndOrderOfTheFileGivesTheSame() throws IOException {
        var half = ByteBuffer.allocate(2 * N * D).order(ByteOrder.LITTLE_ENDIAN);
        var fortran = ByteBuffer.allocate(4 * N * D).order(ByteOrder.LITTLE_ENDIAN);
        for (var i = 0; i < N * D; i++) {
            half.putShort(Float.floatToFloat16((float) x[i]));
            fortran.putFloat((float) x[i % N * D + i / N]);
        }
        raw("half.npy", "<f2", false, half.array());
        raw("fortran.npy", "<f4", true, fortran.array());
        var words = "--test anderson_darling --param slices=7 --embeddings ";
        var expected = done(words + "x.npy").toString();
        assertEquals(expected, done(words + "half.npy").toString());
        assertEquals(expected, done(words + "fortran.npy").toString());
    }

    @Test
    void pairwiseTestHasNoColumnsAndItsLawIsDrawnOnlyWhenAskedFor() {
        var json = done("--test hz --embeddings x.npy");
        assertTrue(json.get("per_column").isNull() && json.get("p_value").isNull(), json.toString());
        var drawn = done("--test hz --embeddings x.npy --p-value");
        assertEquals("monte_carlo", drawn.get("p_value_method").asText());
        assertTrue(drawn.get("p_value").asDouble() > 0.001, drawn.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"anderson_darling", "cramer_von_mises", "watson", "vcreg"})
    void lawIsKnownOfTheStandardFormAlone(String test) {
        assertTrue(done("--test " + test + " --embeddings x.npy").get("p_value").isNumber());
        var other = " --param compat=lejepa --embeddings x.npy";
        assertTrue(done("--test " + test + other).get("p_value").isNull());
        assertTrue(done("--test " + test + " --param slices=3" + other)
                .get("p_value")
                .isNull());
    }

    @Test
    void allTestsEndInASentence() throws IOException {
        var json = done("--test all --embeddings x.npy");
        assertEquals(15, json.get("tests").size());
        assertTrue(json.get("verdict").asText().startsWith("Yes"), json.toString());
        save("moved.npy", Arrays.stream(x).map(v -> v + 1).toArray());
        var verdict = done("--test all --embeddings moved.npy").get("verdict").asText();
        assertTrue(verdict.startsWith("No") && verdict.contains("the mean is not zero"), verdict);
    }

    /// At a thousandth for the table, that is a thousandth of a fifteenth for each test.
    @Test
    void everyTestOfTheTableCanReject() throws IOException {
        var draws = Key.of(6).draws();
        var bent = new double[400 * D];
        Arrays.setAll(bent, _ -> {
            var v = draws.normal();
            return v > 0.5 ? 2 * v + 1 : 0.01 * v;
        });
        NpyFile.write(folder.resolve("bent.npy"), bent, 400, D);
        for (var row : done("--test all --embeddings bent.npy").get("tests")) {
            assertTrue(row.get("p_value").asDouble() < 1e-3 / 15, row.toString());
        }
    }

    @Test
    void memoryThatRunsOutInsideTheEngineIsTheFilesFault() {
        var file = folder.resolve("x.npy");
        var request = new StatRequest("hz", Map.of(), file, Optional.empty(), Optional.empty(), false, 0);
        var outOfMemory = new EngineException("sort: Non-zero status code returned: Java heap space");
        var told = assertThrows(
                BadInputException.class,
                () -> StatCommand.inMemory(request, () -> {
                    throw outOfMemory;
                }));
        assertTrue(
                told.getMessage().startsWith(file + ": too large for the memory of this machine"), told.getMessage());
        var other = new EngineException("sort: no kernel");
        assertSame(
                other,
                assertThrows(
                        EngineException.class,
                        () -> StatCommand.inMemory(request, () -> {
                            throw other;
                        })));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--test watsen --embeddings x.npy|did you mean 'watson'",
                "--test bhpe --embeddings x.npy|did you mean 'bhep'",
                "--test watson --grad none/g.npy --embeddings x.npy|its folder",
                "--test watson --embeddings none.npy|none.npy: no such file",
                "--test watson --embeddings vector.npy|vector.npy: shape is [3], expected a matrix",
                "--test vcreg --embeddings one.npy|one.npy: 1 rows, vcreg needs at least 2",
                "--test watson --embeddings nan.npy|nan.npy: 2 of 6 values are NaN or infinite (as float32), first in rows [0, 1]",
                "--test watson --embeddings cut.npy|cut.npy: shape [60, 3] of <f8 needs 1440 bytes of data, found 1437",
                "--test watson --embeddings object.npy|(pickled Python objects), expected one of",
                "--test epps_pulley --param knots=16 --embeddings x.npy|knots must be odd and at least 3, found 16",
                "--test watson --param clip=-1 --embeddings x.npy|clip is -1.0, must not be negative",
                "--test watson --param slcies=3 --embeddings x.npy|has no parameter slcies",
                "--test watson --param slices --embeddings x.npy|must be NAME=VALUE",
                "--test watson --directions wide.npy --embeddings x.npy|wide.npy: shape is [4, 1], expected [3, S]",
                "--test watson --directions zero.npy --embeddings x.npy|zero.npy: 1 of 1 columns are zero",
                "--test hz --directions a.npy --embeddings x.npy|reads all pairs of rows and no directions",
                "--test all --grad g.npy --embeddings x.npy|--grad: --test all takes none",
            })
    void badInputIsOneClearMessage(String words, String expected) {
        var told = stat(words);
        assertEquals(ExitCode.BAD_INPUT, told.code(), told.words());
        assertEquals(1, told.err().lines().count(), told.err());
        assertTrue(told.err().contains(expected), told.err());
        assertFalse(Files.exists(folder.resolve("g.npy")));
    }
}
