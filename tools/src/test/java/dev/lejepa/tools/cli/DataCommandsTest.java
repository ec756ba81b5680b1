package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataCommandsTest {
    @TempDir
    Path folder;

    private TinyProject project;

    @BeforeEach
    void makeImages() throws IOException {
        project = TinyProject.in(folder);
    }

    /// `@` stands for the folder of the test.
    private Told told(String words) {
        return Told.by(Arrays.stream(words.split(" "))
                .map(word -> word.replace("@", folder.toString()))
                .toArray(String[]::new));
    }

    private JsonNode done(String words) {
        var told = told(words);
        assertEquals(ExitCode.DONE, told.code(), told.words());
        return told.json();
    }

    @Test
    void infoTellsWhatIsThereAndWhatIsBroken() throws IOException {
        var broken = Files.writeString(project.train().resolve("class1/3.png"), "no image");
        var info = done("data info @/train --json");
        assertEquals(14, info.get("images").asInt());
        assertEquals("{\"class0\":7,\"class1\":7}", info.get("images_per_class").toString());
        assertTrue(info.get("bytes").asLong() > 13 * 24 * 20 + Files.size(broken), info.toString());
        assertEquals(1, info.get("broken").asInt());
        assertTrue(info.get("broken_images").get(0).asText().startsWith("class1/3.png (is no"), info.toString());
        assertEquals("{\"png\":13}", info.get("formats").toString());
        assertEquals(
                "{\"least\":24,\"median\":24,\"most\":24}", info.get("width").toString());
    }

    @Test
    void damageBehindTheHeaderIsFoundWhereImagesAreDecoded() throws IOException {
        var file = project.train().resolve("class0/0.png");
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 200));
        assertEquals(0, done("data info @/train --json").get("broken").asInt());
        assertEquals(1, done("data info @/train --decode --json").get("broken").asInt());
    }

    @ParameterizedTest
    @CsvSource({"original,png,x.pack", "jpeg,jpeg,x.bin", "raw,pixels,x.tar"})
    void aPackedFileIsASourceAsItsFolderIsWhateverItsName(String form, String format, String name) {
        var pack = done("data pack @/train --format " + form + " --out @/" + name + " --threads 2 --json");
        var info = done("data info @/" + name + " --json");
        assertEquals(14, pack.get("images").asInt());
        assertTrue(pack.get("bytes").asLong() > info.get("bytes").asLong(), pack.toString());
        assertEquals(14, info.get("images").asInt());
        assertEquals("{\"class0\":7,\"class1\":7}", info.get("images_per_class").toString());
        assertEquals(format, info.get("formats").fieldNames().next());
        assertEquals(0, info.get("broken").asInt());
    }

    /// Bytes of the same images make the same run, wherever they lie: a packed file may take the folder's place.
    @Test
    void aRunOfAPackedFileIsThatOfItsFolder() throws IOException {
        done("data pack @/train --out @/train.pack --json");
        var losses = new ArrayList<List<String>>();
        for (var data : List.of("train", "train.pack")) {
            var run = "@/run-" + data;
            done("train --config @/tiny.yaml --set data.train=@/" + data
                    + " --set data.val=@/val --set train.epochs=1 --set optimizer.warmup_epochs=0 --out " + run
                    + " --device cpu --threads 1 --json");
            losses.add(Files.readAllLines(folder.resolve("run-" + data).resolve("metrics.jsonl")).stream()
                    .filter(line -> line.contains("\"event\":\"step\""))
                    .map(line -> line.replaceAll(".*(\"loss\":[^,]*),.*", "$1"))
                    .toList());
        }
        assertEquals(3, losses.getFirst().size());
        assertEquals(losses.getFirst(), losses.getLast());
    }

    @Test
    void previewIsAPicture() throws IOException {
        var told = done("data preview @/train --config @/tiny.yaml --images 2 --out @/p.png --json");
        assertEquals(2, told.get("images").asInt());
        assertEquals(6, told.get("views").asInt());
        assertTrue(ImageIO.read(folder.resolve("p.png").toFile()).getWidth() > 4 * 160);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data info|something is missing after the options",
                "data info @/nowhere|nowhere: no such folder",
                "data pack @/train|--out is missing",
                "data pack @/train --out @/no/x.pack|no does not exist",
                "data pack @/train --out @/x.pack --format png|--format png: must be one of original, jpeg, raw",
                "data pack @/train --out @/x.pack --format original --short 8|--short: files that stay as they are",
                "data pack @/train --out @/x.pack --format original --quality 80|--quality: is of JPEG files, and --format is original",
                "data pack @/train --out @/x.pack --short 8 --quality 101|--quality 101: must be from 1 to 100",
                "data preview @/train --config @/tiny.yaml --out @/train/class0/0.png|is an image of",
                "data preview @/train --config @/tiny.yaml --out @/train/p.png|so it would be read with the images there",
                "data preview @/train --out @/p.png|--config is missing",
            })
    void badInputIsNamedInOneLine(String words, String expected) {
        var told = told(words);
        assertEquals(ExitCode.BAD_INPUT, told.code(), told.words());
        assertEquals(1, told.err().lines().count(), told.err());
        assertTrue(told.err().contains(expected), told.err());
    }

    @Test
    void aPackedFileIsNotPackedIntoItself() throws IOException {
        done("data pack @/train --out @/x.pack --json");
        var before = Files.size(folder.resolve("x.pack"));
        var told = told("data pack @/x.pack --out @/x.pack");
        assertEquals(ExitCode.BAD_INPUT, told.code());
        assertTrue(told.err().contains("holds images of"), told.err());
        assertEquals(before, Files.size(folder.resolve("x.pack")));
    }
}
