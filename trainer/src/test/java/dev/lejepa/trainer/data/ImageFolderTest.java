package dev.lejepa.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
    @TempDir
    private Path root;

    @Test
    void classesAreFirstLevelFoldersSortedBytewise() throws IOException {
        files("b/1.png", "B/1.png", "a/1.png", "é/1.png", "10/1.png", "9/1.png");
        assertEquals(
                List.of("10", "9", "B", "a", "b", "é"), ImageFolder.of(root).classes());
    }

    @Test
    void imagesOfEverySuffixAndDepthBelongToTheirFirstFolder() throws IOException {
        files("cat/x/y/1.JPG", "cat/2.jpeg", "dog/3.Png", "dog/4.webp", "dog/5.BMP", "dog/6.gif", "dog/notes.txt");
        ImageFolder folder = ImageFolder.of(root);
        assertEquals(List.of("cat/2.jpeg", "cat/x/y/1.JPG", "dog/3.Png", "dog/4.webp", "dog/5.BMP"), names(folder));
        assertEquals(List.of(0, 0, 1, 1, 1), labels(folder));
        assertEquals(root.resolve("dog/3.Png"), folder.path(2));
    }

    @Test
    void imagesAreNumberedInOrderOfTheirWholePaths() throws IOException {
        files("a/1.png", "a-b/1.png");
        ImageFolder folder = ImageFolder.of(root);
        assertEquals(List.of("a", "a-b"), folder.classes());
        assertEquals(List.of("a-b/1.png", "a/1.png"), names(folder));
        assertEquals(List.of(1, 0), labels(folder));
    }

    @Test
    void hiddenFilesAndFoldersAreIgnored() throws IOException {
        files("a/1.png", "a/.2.png", "a/.thumbs/3.png", ".git/4.png", ".5.png", "a/.png");
        ImageFolder folder = ImageFolder.of(root);
        assertEquals(List.of("a/1.png"), names(folder));
        assertEquals(List.of(), folder.notes());
    }

    @Test
    void aRootWithFilesAndNoFoldersIsUnlabelled() throws IOException {
        files("2.png", "1.jpg", ".hidden/3.png");
        ImageFolder folder = ImageFolder.of(root);
        assertFalse(folder.isLabelled());
        assertEquals(List.of("1.jpg", "2.png"), names(folder));
        assertEquals(List.of(-1, -1), labels(folder));
    }

    @Test
    void imagesBesideClassFoldersAreCountedAndNotUsed() throws IOException {
        files("a/1.png", "cover.png", "README.txt");
        ImageFolder folder = ImageFolder.of(root);
        assertEquals(List.of("a/1.png"), names(folder));
        assertEquals(List.of("1 images beside the class folders of " + root + " are ignored"), folder.notes());
    }

    @Test
    void withoutClassesAllImagesAreListedAtAnyDepth() throws IOException {
        files("b/x/1.png", "a.png", "b.png", "empty/readme.txt");
        ImageFolder folder = ImageFolder.withoutClasses(root);
        assertEquals(List.of("a.png", "b.png", "b/x/1.png"), names(folder));
        assertFalse(folder.isLabelled());
    }

    @Test
    void pipesAreNamedAndLeftOut() throws Exception {
        files("a/1.png", "a/2.png", "b/1.png");
        Path pipe = root.resolve("a/pipe.png");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Files.createSymbolicLink(root.resolve("b/device.jpg"), Path.of("/dev/zero"));
        Files.createSymbolicLink(root.resolve("b/nowhere.jpg"), Path.of("nothing"));
        ImageFolder folder = ImageFolder.of(root);
        assertEquals(List.of("a/1.png", "a/2.png", "b/1.png", "b/nowhere.jpg"), names(folder));
        assertEquals(
                List.of(
                        "2 entries that are no files (pipes, sockets or devices) were left out: a/pipe.png, b/device.jpg"),
                folder.notes());
        assertEquals(names(folder), names(ImageFolder.withoutClasses(root)));
        assertEquals(1, ImageFolder.of(root.resolve("a")).notes().size());
        Files.delete(root.resolve("b/device.jpg"));
    }

    @Test
    void picturesInOtherFormatsAreCounted() throws IOException {
        files("a/1.png", "a/2.ppm", "a/3.PPM", "a/x/4.gif", "5.tif", "a/notes.txt", "a/.6.gif");
        assertEquals(
                List.of(
                        "4 files passed over: 2 ppm, 1 gif, 1 tif (images are read from jpg, jpeg, png, webp, bmp, avif, heic, heif and jxl)"),
                ImageFolder.of(root).notes());
        files("b/7.tiff");
        var refused = assertThrows(BadInputException.class, () -> ImageFolder.of(root.resolve("b")));
        assertTrue(refused.getMessage().contains("1 file passed over: 1 tiff"), refused.getMessage());
    }

    @Test
    void linksToFilesAndFoldersAreFollowed(@TempDir Path elsewhere) throws IOException {
        TestImages.folder(elsewhere, "real/1.png", "2.png");
        files("a/0.png");
        Files.createSymbolicLink(root.resolve("linked"), elsewhere.resolve("real"));
        Files.createSymbolicLink(root.resolve("a/2.png"), elsewhere.resolve("2.png"));
        ImageFolder folder = ImageFolder.of(root);
        assertEquals(List.of("a/0.png", "a/2.png", "linked/1.png"), names(folder));
        assertEquals(List.of(0, 0, 1), labels(folder));
    }

    @Test
    void linksThatLeadBackEndThere() throws IOException {
        files("a/x/1.png", "b/2.png");
        Files.createSymbolicLink(root.resolve("a/x/up"), root.resolve("a"));
        Files.createSymbolicLink(root.resolve("a/top"), root);
        Files.createSymbolicLink(root.resolve("b/self"), Path.of("self"));
        assertEquals(List.of("a/x/1.png", "b/2.png"), names(ImageFolder.of(root)));
    }

    @Test
    void aFolderReachedTwiceCountsOnceUnderItsOwnName() throws IOException {
        files("a/z/1.png");
        Files.createSymbolicLink(root.resolve("a/b"), root.resolve("a/z"));
        assertEquals(List.of("a/z/1.png"), names(ImageFolder.of(root)));
    }

    @Test
    void aMissingFolderIsNamed() {
        Path missing = root.resolve("nowhere");
        String message = refusal(missing);
        assertTrue(message.startsWith(missing + ": no such folder"), message);
    }

    @Test
    void aFileInPlaceOfTheFolderIsNamed() throws IOException {
        files("a.png");
        String message = refusal(root.resolve("a.png"));
        assertTrue(message.contains("a.png: is a file, expected a folder"), message);
    }

    @Test
    void anEmptyFolderIsRefused() throws IOException {
        assertTrue(refusal(root).contains("holds no images"));
        files("a/readme.txt", "b/.hidden.png");
        assertTrue(refusal(root).contains("holds no images"));
    }

    @Test
    void classFoldersWithoutImagesAreAllNamed() throws IOException {
        files("a/1.png", "b/readme.txt", "c/x/2.txt");
        String message = refusal(root);
        assertTrue(message.contains("2 of 3 class folders hold no images"), message);
        assertTrue(message.endsWith(": b, c"), message);
    }

    private String refusal(Path folder) {
        return assertThrows(BadInputException.class, () -> ImageFolder.of(folder))
                .getMessage();
    }

    private void files(String... names) throws IOException {
        TestImages.folder(root, names);
    }

    private static List<String> names(ImageFolder folder) {
        return IntStream.range(0, folder.size())
                .mapToObj(i -> folder.name(i).toString())
                .toList();
    }

    private static List<Integer> labels(ImageFolder folder) {
        return IntStream.range(0, folder.size()).mapToObj(folder::label).toList();
    }
}
