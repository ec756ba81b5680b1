package dev.lejepa.trainer.shards;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.trainer.data.ImageFolder;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarShardsTest {
    @TempDir
    private Path root;

    private final List<String> words = new ArrayList<>();

    @Test
    void aTarOfAFolderIsTheFolder() throws IOException, BrokenImageException {
        TestTar tar = TestTar.gnu();
        Path folder = root.resolve("images");
        int red = 0;
        for (String name : List.of("10/a.png", "10/b.png", "9/a.png", "cat-b/a.png", "cat/a.png")) {
            byte[] png = TestTar.png(red += 40);
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, png);
            tar.add(name, png);
        }
        ImageFolder expected = ImageFolder.of(folder);
        TarShards shards = open(tar.write(root.resolve("s.tar")));
        assertEquals(expected.classes(), shards.classes());
        assertEquals(labels(expected), labels(shards));
        assertEquals(names(expected).stream().map(name -> "s.tar/" + name).toList(), names(shards));
        assertEquals(List.of(), shards.notes());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.bytes(i), shards.bytes(i));
            assertEquals(12, shards.pixels(i, 12));
            assertArrayEquals(pixels(expected, i), pixels(shards, i));
        }
    }

    @Test
    void labelsComeFromClsThenJsonThenTxtThenTheFolder() throws IOException {
        assertEquals(
                List.of("2", "10"),
                open(tar("a/k.cls", "10", "a/l.json", "{\"x\": [{}], \"label\": 2}", "a/l.txt", "3"))
                        .classes());
        assertEquals(
                List.of("Ahorn", "ahorn"),
                open(tar("a/k.txt", "ahorn\n", "a/l.json", "{\"label\": \"Ahorn\"}"))
                        .classes());
        assertEquals(List.of("b"), open(tar("a/b/k.png", "", "a/b/l.png", "")).classes());
        assertFalse(open(tar("k.png", "", "l.png", "")).isLabelled());
    }

    @Test
    void classesByNumberAreInTheOrderOfNumbers() throws IOException {
        TarShards shards = open(tar("a.cls", "10", "b.cls", " 2\n", "c.cls", "0"));
        assertEquals(List.of("0", "2", "10"), shards.classes());
        assertEquals(List.of(2, 1, 0), labels(shards));
    }

    @Test
    void anImageWithoutALabelIsBrokenWhereOthersHaveOne() throws IOException {
        TarShards shards = open(tar("n/a.cls", "1", "n/b.json", "{}", "n/c.json", "{\"label\": [1]}", "n/d.json", "{"));
        assertEquals(List.of("1"), shards.classes());
        assertEquals(List.of(0, -1, -1, -1), labels(shards));
        assertEquals("has no label, as other images have", reason(shards, 1));
        assertEquals("its json says label: [, expected a whole number or a name", reason(shards, 2));
        assertTrue(reason(shards, 3).startsWith("its json cannot be read: "), reason(shards, 3));
    }

    @Test
    void descriptionsAreNoLabels() throws IOException {
        TestTar tar = TestTar.gnu();
        byte[] png = TestTar.png(0);
        int images = ClassTable.DESCRIPTIONS + 1;
        for (int i = 0; i < images; i++) {
            tar.add(i + ".png", png).add(i + ".txt", "a photo of " + i);
        }
        TarShards shards = open(tar.write(root.resolve("d.tar")));
        assertFalse(shards.isLabelled());
        assertEquals(
                List.of("1,001 images have 1,001 different texts in their txt: these are descriptions, not labels"),
                shards.notes());
    }

    @Test
    void numbersInOneShardAndNamesInAnotherAreRefused() throws IOException {
        Path a = tar("a.cls", "3");
        Path b = tar("b.json", "{\"label\": \"cat\"}");
        assertEquals(
                "labels are numbers for some images and names for others, expected one kind for all: that of " + a
                        + "/a.png is 3 (cls), that of " + b + "/b.png is 'cat' (json)",
                refusal(a, b));
    }

    @Test
    void aKeyInTwoShardsIsRefused() throws IOException {
        Path a = tar("n/k.v1.png", "");
        Path b = tar("n/k.cls", "1");
        assertEquals(
                "key n/k is in " + a + " and in " + b
                        + ": within one set a key stands for one image; sets whose keys meet can be given one after another, as a list",
                refusal(a, b));
    }

    @Test
    void aMemberThatIsThereTwiceIsRefused() throws IOException {
        Path tar = tar("k.png", "", "k.cls", "1", "k.CLS", "1");
        assertEquals(tar + ": holds k.CLS twice: a key has each of its members once", refusal(tar));
    }

    @Test
    void membersOfAKeyNeedNotStandTogether() throws IOException {
        byte[] png = TestTar.png(0);
        TestTar tar = TestTar.gnu()
                .add("a.png", png)
                .add("b.png", png)
                .add("a.cls", "7")
                .add("b.cls", "8");
        assertEquals(List.of(0, 1), labels(open(tar.write(root.resolve("s.tar")))));
    }

    @Test
    void ofSeveralImagesThePlainOneIsTakenElseTheFirst() throws IOException {
        byte[] png = TestTar.png(0);
        TestTar tar = TestTar.gnu();
        for (String name : List.of("a.left.png", "a.right.png", "b.seg.png", "b.png", "c.jpeg", "c.png")) {
            tar.add(name, png);
        }
        TarShards shards = open(tar.write(root.resolve("s.tar")));
        assertEquals(List.of("s.tar/a.left.png", "s.tar/b.png", "s.tar/c.jpeg"), names(shards));
        assertEquals(
                List.of(
                        "keys with several images, of which the first is taken, one whose suffix has no dot before others: 3 (a, b, c)"),
                shards.notes());
    }

    @Test
    void aKeyWithoutImageIsBrokenAndOneWithoutAnythingIsLeftOut() throws IOException {
        TestTar tar = TestTar.gnu()
                .add("a.cls", "1")
                .add("a.npy", "")
                .add("b.png", TestTar.png(0))
                .add("b.cls", "1")
                .add("readme.md", "")
                .add(".hidden.png", "")
                .add("Makefile", "")
                .add("__meta__/x.png", "");
        TarShards shards = open(tar.write(root.resolve("s.tar")));
        assertEquals(List.of("s.tar/a.cls", "s.tar/b.png"), names(shards));
        assertEquals("has no image, only cls, npy", reason(shards, 0));
        assertEquals(List.of("keys with neither image nor label, left out: 1 (readme)"), shards.notes());
    }

    @Test
    void damagedImagesAreBrokenOnes() throws IOException {
        byte[] png = TestTar.png(0);
        TestTar tar = TestTar.gnu()
                .add("a.png", "")
                .add("b.png", "no image")
                .add("c.png", Arrays.copyOf(png, 20))
                .add("d.png", png);
        TarShards shards = open(tar.write(root.resolve("s.tar")));
        assertEquals("is empty (zero bytes)", reason(shards, 0));
        assertTrue(reason(shards, 1).startsWith("is no JPEG, "), reason(shards, 1));
        assertEquals("cut off within its header (20 bytes)", reason(shards, 2));
        assertEquals(
                "claims 4 x 3 = 12 pixels, more than data.max_pixels = 11",
                assertThrows(BrokenImageException.class, () -> shards.pixels(3, 11))
                        .reason());
    }

    @Test
    void namesAreBytesHoweverTheyAreStored() throws IOException {
        String longName = "x".repeat(120) + "/" + "y".repeat(90) + ".png";
        byte[] png = TestTar.png(0);
        TarShards gnu = open(TestTar.gnu()
                .add("\u00fc/\u00c3\u00bc.png", png) // a byte that is not UTF-8, and two that are
                .add(longName, png)
                .write(root.resolve("gnu.tar")));
        assertEquals(List.of("gnu.tar/\udcfc/ü.png", "gnu.tar/" + longName), names(gnu));
        assertEquals(List.of("x".repeat(120), "\udcfc"), gnu.classes());
        TarShards posix =
                open(TestTar.posix().add("ü/猫.png", png).add(longName, png).write(root.resolve("posix.tar")));
        assertEquals(List.of("posix.tar/ü/猫.png", "posix.tar/" + longName), names(posix));
    }

    @Test
    void namesThatLeadOutOfTheirFolderAreOnlyNames() throws IOException {
        byte[] png = TestTar.png(0);
        TarShards shards = open(TestTar.gnu()
                .add("./n/a.png", png)
                .add("../../n/b.png", png)
                .add("/etc/c.png", png)
                .add("n/d.png", TarConstants.LF_SYMLINK)
                .add("n/e.png/", TarConstants.LF_DIR)
                .write(root.resolve("s.tar")));
        assertEquals(List.of("s.tar/n/a.png", "s.tar/n/b.png", "s.tar/etc/c.png"), names(shards));
        assertEquals(
                List.of(
                        "members whose names lead out of their folder (/ or ..), called by what is left of them: 2 (../../n/b.png, /etc/c.png)",
                        "members that are links, left out: 1 (n/d.png)"),
                shards.notes());
    }

    @Test
    void whatIsNoWholeTarFileIsRefused() throws IOException {
        byte[] tar = TestTar.gnu()
                .add("a.png", new byte[5000])
                .add("b.png", TestTar.png(0))
                .bytes();
        Path empty = Files.createFile(root.resolve("empty.tar"));
        Path text = Files.writeString(root.resolve("text.tar"), "x".repeat(1000));
        Path cut = Files.write(root.resolve("cut.tar"), Arrays.copyOf(tar, 4000));
        Path cutHeader = Files.write(root.resolve("header.tar"), Arrays.copyOf(tar, 5700));
        tar[512 + 5120 + 3] ^= 1; // the second header
        Path damaged = Files.write(root.resolve("damaged.tar"), tar);
        assertEquals(empty + ": is empty (zero bytes)", refusal(empty));
        assertEquals(text + ": is no tar file", refusal(text));
        assertEquals(
                cut + ": is cut off or damaged: a.png goes on for 5,000 bytes from byte 512, the file has 4,000",
                refusal(cut));
        assertEquals(cutHeader + ": is cut off: after 5,700 bytes, within the header of a member", refusal(cutHeader));
        assertEquals(damaged + ": is damaged: at byte 5,632 there is no header of a member", refusal(damaged));
        assertEquals(
                "2 of 2 shards cannot be used: " + empty + ": is empty (zero bytes); " + text + ": is no tar file",
                refusal(empty, text));
        assertTrue(refusal(root.resolve("none.tar")).endsWith("none.tar: no such file"));
    }

    @Test
    void aTarWithoutImagesIsRefused() throws IOException {
        Path tar = TestTar.gnu().add("a.cls", "1").write(root.resolve("s.tar"));
        assertTrue(refusal(tar).startsWith(tar + ": no images, expected members such as"), refusal(tar));
    }

    @Test
    void aShardThatChangesOrVanishesIsNoBrokenImage() throws IOException, BrokenImageException {
        Path tar = tar("a.png", "", "b.png", "");
        TarShards shards = open(tar);
        byte[] before = Files.readAllBytes(tar);
        pixels(shards, 1);
        Files.write(tar, Arrays.copyOf(before, before.length - 512));
        assertTrue(changed(shards).contains("s0.tar: changed while its images were read"), changed(shards));
        Files.write(tar, before);
        Files.setLastModifiedTime(tar, FileTime.from(Instant.EPOCH));
        assertTrue(changed(shards).contains("s0.tar: changed while its images were read"), changed(shards));
        Files.delete(tar);
        assertTrue(changed(shards).contains("s0.tar: vanished while its images were read"), changed(shards));
    }

    @Test
    void imagesOfSeveralShardsAreNumberedShardByShard() throws IOException {
        Path a = TestTar.gnu().add("z.png", TestTar.png(1)).write(root.resolve("b.tar"));
        Files.createDirectories(root.resolve("more"));
        Path b = TestTar.gnu().add("a.png", TestTar.png(2)).write(root.resolve("more/a.tar"));
        assertEquals(List.of("b.tar/z.png", "more/a.tar/a.png"), names(open(a, b)));
        assertEquals(List.of("a.tar/a.png"), names(open(b)));
    }

    private static String changed(TarShards shards) {
        return assertThrows(BadInputException.class, () -> pixels(shards, 0)).getMessage();
    }

    private TarShards open(Path... files) throws IOException {
        return TarShards.open("shards", List.of(files), new IndexCache(root.resolve("cache"), words::add));
    }

    private String refusal(Path... files) {
        return assertThrows(BadInputException.class, () -> open(files)).getMessage();
    }

    private int written;

    /// A tar file of members with their contents, and a PNG to each key that has no member of that name.
    private Path tar(String... members) throws IOException {
        TestTar tar = TestTar.gnu();
        byte[] png = TestTar.png(0);
        List<String> names = IntStream.range(0, members.length / 2)
                .mapToObj(i -> members[2 * i])
                .toList();
        List<String> done = new ArrayList<>();
        for (int i = 0; i < members.length; i += 2) {
            String image = members[i].substring(0, members[i].indexOf('.')) + ".png";
            if (members[i].endsWith(".png")) {
                tar.add(members[i], png);
            } else {
                if (!names.contains(image) && !done.contains(image)) {
                    tar.add(image, png);
                    done.add(image);
                }
                tar.add(members[i], members[i + 1]);
            }
        }
        return tar.write(root.resolve("s" + written++ + ".tar"));
    }

    private static String reason(ImageSource source, int image) {
        return assertThrows(BrokenImageException.class, () -> source.pixels(image, 1000))
                .reason();
    }

    private static byte[] pixels(ImageSource source, int image) throws BrokenImageException {
        RgbImage pixels = new RgbImage();
        source.decode(image, new ImageDecoder(), pixels);
        return pixels.toArray();
    }

    private static List<Integer> labels(ImageSource source) {
        return IntStream.range(0, source.size()).mapToObj(source::label).toList();
    }

    private static List<String> names(ImageSource source) {
        return IntStream.range(0, source.size())
                .mapToObj(image -> PathText.text(source.name(image)))
                .toList();
    }
}
