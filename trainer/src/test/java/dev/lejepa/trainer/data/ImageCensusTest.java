package dev.lejepa.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.lejepa.graphs.recipe.DataSpec;
import java.io.IOException;
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
}
