package dev.lejepa.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.lejepa.graphs.recipe.DataSpec;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageCensusTest {
    @TempDir
    private Path folder;

    private Path root;

    @BeforeEach
    void images() throws IOException {
        root = TestImages.folder(folder.resolve("root"), "b/1.png", "a/2.png", "b/3.png");
    }

    private ImageCensus census() {
        return ImageStore.open(ImageFolder.of(root), DataSpec.defaults().maxPixels(), 0.5, 0)
                .census();
    }

    @Test
    void imagesAndThoseOfEachClassAreCounted() {
        var census = census();
        assertEquals(3, census.images());
        assertEquals("{a=1, b=2}", census.classes().toString());
    }

    @Test
    void anotherPlaceIsTheSameFolder() throws IOException {
        var before = census();
        root = Files.move(root, folder.resolve("elsewhere"));
        assertEquals(before, census());
    }

    @Test
    void nameSizeAndNumberOfFilesCount() throws IOException {
        var before = census();
        Files.move(root.resolve("a/2.png"), root.resolve("a/4.png"));
        var renamed = census();
        assertEquals(before.classes(), renamed.classes());
        assertNotEquals(before.sha256(), renamed.sha256());
        Files.move(root.resolve("a/4.png"), root.resolve("a/2.png"));
        assertEquals(before, census());
        Files.write(root.resolve("b/3.png"), new byte[] {0}); // broken, and another size
        assertNotEquals(before.sha256(), census().sha256());
    }

    @Test
    void unlabelledImagesAreCountedToo() throws IOException {
        root = TestImages.folder(folder.resolve("flat"), "1.png", "2.png");
        assertEquals("{}", census().classes().toString());
        assertEquals(2, census().images());
    }

    @Test
    void namesAreTheBytesOfTheFileSystemInAnyLocale() {
        assertEquals("a b%41", latin1(RawName.bytes(relative("a%20b%2541"))));
        assertEquals("\u00c3\u00a9/x", latin1(RawName.bytes(relative("%C3%A9/x"))));
        assertEquals("\u00ff %", latin1(RawName.bytes(relative("%FF%20%25"))));
        assertEquals("é", RawName.text(relative("%C3%A9")));
        assertEquals("ÿ", RawName.text(relative("%FF")), "no UTF-8");
    }

    private static Path relative(String escaped) {
        return Path.of("/").relativize(Path.of(URI.create("file:///" + escaped)));
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
