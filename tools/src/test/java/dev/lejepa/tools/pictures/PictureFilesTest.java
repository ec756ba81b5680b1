package dev.lejepa.tools.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.trainer.source.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureFilesTest {
    @TempDir
    Path folder;

    private PictureSource.Images images(String... names) throws IOException {
        var root = folder.resolve("images");
        for (var name : names) {
            Files.createDirectories(root.resolve(name).getParent());
            Files.write(root.resolve(name), new byte[1]);
        }
        return PictureSource.of(PathText.text(root), Sources.ofUser(_ -> {}));
    }

    @Test
    void picturesLieAsTheImagesDoUnderTheirNames() throws IOException {
        var files = new PictureFiles(images("a/x.jpg", "b.png"), folder.resolve("out"));
        assertEquals(folder.resolve("out/a/x.png"), files.file(0, ".png"));
        assertTrue(Files.isDirectory(folder.resolve("out/a")));
        assertEquals(folder.resolve("out/b-mean.png"), files.file(1, "-mean.png"));
    }

    @Test
    void imagesThatDifferByTheirSuffixAloneKeepIt() throws IOException {
        var files = new PictureFiles(images("x.jpg", "x.png", "x.png.jpg"), folder.resolve("out"));
        assertEquals(folder.resolve("out/x.png"), files.file(0, ".png"));
        assertEquals(folder.resolve("out/x.png.png"), files.file(1, ".png"));
        assertEquals(folder.resolve("out/x.png.jpg.png"), files.file(2, ".png"));
    }

    @Test
    void noImageIsReplacedByItsPicture() throws IOException {
        var images = images("x.jpg", "y.png");
        var refused = assertThrows(BadInputException.class, () -> new PictureFiles(images, folder.resolve("images")));
        assertTrue(refused.getMessage().contains("y.png is an image that is read"), refused.getMessage());
        var gif = Files.write(folder.resolve("images/z.gif"), new byte[1]);
        assertThrows(
                BadInputException.class,
                () -> new PictureFiles(PictureSource.of(PathText.text(gif), Sources.ofUser(_ -> {})), folder.resolve("images")));
    }

    @Test
    void oneImageIsASourceToo() throws IOException {
        images("x.jpg", "y.png");
        var root = folder.resolve("images");
        var one = PictureSource.of(PathText.text(root.resolve("y.png")), Sources.ofUser(_ -> {}));
        assertEquals(1, one.size());
        assertEquals("y.png", one.name(0));
        var refused =
                assertThrows(BadInputException.class, () -> PictureSource.of(PathText.text(root.resolve("z.png")), Sources.ofUser(_ -> {})));
        assertTrue(refused.getMessage().contains("no such file or folder"), refused.getMessage());
    }
}
