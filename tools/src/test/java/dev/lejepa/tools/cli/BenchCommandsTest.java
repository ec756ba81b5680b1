package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchCommandsTest {
    private static final List<String> STEP = List.of(
            "bench step --model vit_tiny_patch16_224 --image 32 --patch 16 --images 2 --views 2 --steps 3 --json"
                    .split(" "));

    @Test
    void stepIsTimedAndItsMemoryTold() {
        var told = Told.by(STEP);
        assertEquals(ExitCode.DONE, told.code(), told.err());
        var json = told.json();
        var least = json.get("step_ms_min").asDouble();
        assertTrue(least > 0 && json.get("step_ms_median").asDouble() >= least, told.out());
        assertTrue(json.get("peak_rss_bytes").asLong() > 50_000_000, told.out());
        assertEquals(0, json.get("peak_device_bytes").asLong());
        assertEquals(0, json.get("recorded_device_bytes").asLong());
        // 10.8 M parameters in products with at least one row each, forward once and backward twice
        assertTrue(json.get("flops_per_step").asLong() > 3 * 2 * 4 * 5_000_000L, told.out());
        assertTrue(Double.isFinite(json.get("loss").asDouble()), told.out());
    }

    @Test
    void stepWithLocalViewsIsTimed() {
        var told = Told.by(("bench step --model vit_tiny_patch16_224 --image 32 --patch 16 --images 2 --views 2"
                        + " --local-views 3 --local-image 16 --steps 1 --device auto --json")
                .split(" "));
        assertEquals(ExitCode.DONE, told.code(), told.err());
        assertTrue(told.err().contains("computing on cpu: device 'cuda:0' needs"), told.err());
        // 2 images of 2 views with 5 tokens each and of 3 views with 2, in the qkv of 12 blocks alone
        var tokens = 2 * (2 * 5 + 3 * 2);
        assertTrue(told.json().get("flops_per_step").asLong() > 3L * 2 * tokens * 192 * 576 * 12, told.out());
    }

    @Test
    void stepOfSeveralProcessesInMicroBatchesIsTimedBesideTheModel() {
        var words = List.of(("bench step --model vit_tiny_patch16_224 --image 32 --patch 16 --images 7 --views 2"
                        + " --micro-batches 2 --one-ms 50 --steps 1 --threads 1 --device cpu --json")
                .split(" "));
        var told = Told.together(2, words, _ -> () -> false);
        told.forEach(each -> assertEquals(ExitCode.DONE, each.code(), each.err()));
        var json = told.getFirst().json();
        assertEquals(2, json.get("ranks").asInt());
        assertEquals(2, json.get("micro_batches").asInt());
        assertTrue(json.get("expected_ms").asDouble() > 0, json::toString);
        assertTrue(json.get("sum_gb_per_s").asDouble() > 0, json::toString);
        assertTrue(Double.isFinite(json.get("loss").asDouble()), json::toString);
    }

    @Test
    void scalingIsForetoldForEachNumberOfDevices() {
        var told = Told.by("bench scaling --model vit_tiny_patch16_224 --gpus 1,8,64 --batch 32,64 --json".split(" "));
        assertEquals(ExitCode.DONE, told.code(), told.err());
        var forecasts = told.json().get("forecasts");
        assertEquals(5, forecasts.size(), "32 images are too few for 64 devices");
        var one = forecasts.get(0);
        var eight = forecasts.get(2);
        assertEquals(8, eight.get("gpus").asInt());
        assertEquals(32, eight.get("batch").asInt());
        assertEquals(0, one.get("exposed_ms").asDouble());
        assertTrue(eight.get("exposed_ms").asDouble() > 0, eight::toString);
        assertTrue(eight.get("step_ms").asDouble() < one.get("step_ms").asDouble(), eight::toString);
        var objectives = List.of(forecasts.get(3), forecasts.get(4));
        assertEquals(
                objectives.get(0).get("objective_ms").asDouble(),
                objectives.get(1).get("objective_ms").asDouble(),
                "all compute it on the whole batch");
    }

    @Test
    void lossIsTimedAndItsMemoryTold() {
        var told = Told.by("bench loss --n 40 --k 3 --s 8 --no-sweep --device cpu --json".split(" "));
        assertEquals(ExitCode.DONE, told.code(), told.err());
        var json = told.json();
        assertTrue(json.get("ms_median").asDouble() >= json.get("ms_min").asDouble(), told.out());
        // samples, their gradient and directions
        assertTrue(json.get("memory_bytes").asLong() >= 4 * (40 * 3 + 40 * 3 + 3 * 8), told.out());
        var loss = json.get("loss").asDouble();
        assertTrue(loss > 0 && loss < 5, told.out()); // a standard normal sample
    }

    @Test
    void dataIsTimedFromFileToBatch(@TempDir Path folder) throws IOException {
        var project = TinyProject.in(folder);
        var told = Told.by(
                "bench",
                "data",
                "--data",
                project.train().toString(),
                "--recipe",
                project.recipe().toString(),
                "--threads",
                "1",
                "--json");
        assertEquals(ExitCode.DONE, told.code(), told.err());
        assertTrue(told.json().get("views_per_s_per_core").asDouble() > 0, told.out());
        assertTrue(told.json().get("decode_per_s_per_core").asDouble() > 0, told.out());
        assertTrue(told.json().get("cores_for_device").asDouble() > 0, told.out());
    }

    @Test
    void aDeviceThatWouldMakeNoViewsIsRefused(@TempDir Path folder) throws IOException {
        var data = TinyProject.in(folder).train().toString();
        var told = Told.by("bench", "data", "--data", data, "--device", "cpu");
        assertEquals(ExitCode.BAD_INPUT, told.code(), told.words());
        assertTrue(told.err().contains("--device: makes no views unless --on device is given"), told.err());
    }

    @Test
    void viewsThatADeviceMakesAreTimedInTwoParts(@TempDir Path folder) throws IOException {
        var project = TinyProject.in(folder);
        var told = Told.by(
                "bench",
                "data",
                "--data",
                project.train().toString(),
                "--recipe",
                project.recipe().toString(),
                "--on",
                "device",
                "--device",
                "cpu",
                "--json");
        assertEquals(ExitCode.DONE, told.code(), told.err());
        assertTrue(told.json().get("crops_per_s_per_core").asDouble() > 0, told.out());
        assertTrue(told.json().get("views_per_s").asDouble() > 0, told.out());
        // the bytes of three small views alone, once each
        assertTrue(told.json().get("traffic_bytes_per_image").asLong() > 3 * (2 * 16 * 16 + 8 * 8), told.out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bench step --image 32|--model is missing",
                "bench step --model vit_tiny_patch16_224 --image 32 --patch 16 --images 2|--views is missing",
                "bench step --model vit_tiny_patch16_224 --image 32 --patch 5 --images 2 --views 2|must be a multiple of model.backbone.patch_size 5",
                "bench step --model vit_tiny_patch16_224 --image 32 --patch 16 --images 2 --views 2 --precision fp64|--precision fp64: must be one of fp32, bf16",
                "bench step --model vit_tiny_patch16_224 --image 32 --patch 16 --images 2 --views 2 --device cuda:7|device 'cuda:7' needs ONNX Runtime's build for CUDA",
                "bench step --model vit_tiny_patch16_224 --image 32 --patch 16 --images 2 --views 2 --local-views 2|--local-image is missing",
                "bench step --model vit_tiny_patch16 --image 32 --patch 16 --images 2 --views 2|the nearest name is",
                "bench step --model vit_tiny_patch16_224 --image 32 --patch 16 --images 2 --views 2 --micro-batches 3|train.micro_batches=3: is 3, must be at most data.batch, which is 2",
                "bench step --model vit_tiny_patch16_224 --image 32 --patch 16 --images 2 --views 2 --one-ms 0|--one-ms 0: must be a number greater than 0",
                "bench scaling --gpus 8,x|--gpus 8,x: must be whole numbers of at least 1 with commas between them",
                "bench scaling --model vit_tiny_patch16_224 --gpus 1 --batch 8 --memory-gb 0.1|a device has 0.1 GB, but a step with data.batch 8 needs",
                "bench loss --test watsen|test 'watsen' is unknown; did you mean 'watson'?",
                "bench loss --test hz --n 1000000|hz: n 1000000, k 64, s 1024 take 8000",
                "bench loss --test hz --n 2147483647 --k 2147483647|GB are free",
                "bench data|--data is missing",
                "bench data --data nowhere|nowhere: no such folder",
            })
    void badOptionIsNamed(String words, String expected) {
        var told = Told.by(words.split(" "));
        assertEquals(ExitCode.BAD_INPUT, told.code(), told.words());
        assertEquals(1, told.err().lines().count(), told.err());
        assertTrue(told.err().contains(expected), told.err());
    }
}
