package dev.lejepa.trainer.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourcesTest {
    private static final int RECORD = 3073;

    @TempDir
    Path root;

    private void touch(String... names) throws IOException {
        for (var name : names) {
            var file = root.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, new byte[0]);
        }
    }

    private String text(String pattern) {
        return PathText.text(root) + "/" + pattern;
    }

    private List<String> files(String pattern) {
        return NamePattern.expand(text(pattern)).stream()
                .map(file -> root.relativize(file).toString())
                .toList();
    }

    private String refusal(String pattern) {
        return assertThrows(BadInputException.class, () -> Sources.ofUser(_ -> {}).open(text(pattern)))
                .getMessage();
    }

    @Test
    void bracesAreNumbersThatKeepTheirZerosAndChoices() {
        assertEquals(List.of("a-08", "a-09", "a-10"), Braces.expand("a-{08..10}"));
        assertEquals(List.of("9", "10", "11"), Braces.expand("{9..11}"));
        assertEquals(List.of("2", "1"), Braces.expand("{2..1}"));
        assertEquals(List.of("x1z", "x2z", "yz"), Braces.expand("{x{1..2},y}z"));
        assertEquals(List.of("a1", "a2", "b1", "b2"), Braces.expand("{a,b}{1..2}"));
        assertEquals(List.of("{a}b1", "{a}b2"), Braces.expand("{a}b{1,2}"));
        assertEquals(List.of("a{1"), Braces.expand("a{1"));
        assertEquals(List.of("", "x"), Braces.expand("{,x}"));
        assertThrows(BadInputException.class, () -> Braces.expand("{0..999999}{0..9}"));
    }

    @Test
    void globsAreSortedBytewiseAndBracesKeepTheirOrder() throws IOException {
        touch("s/b.tar", "s/B.tar", "s/a.tar", "s/.hidden.tar", "t/a.tar", "s/x.txt");
        assertEquals(List.of("s/B.tar", "s/a.tar", "s/b.tar"), files("s/*.tar"));
        assertEquals(List.of("s/a.tar", "t/a.tar"), files("?/a.tar"));
        assertEquals(List.of("s/a.tar", "s/b.tar"), files("s/[a-c].tar"));
        assertEquals(List.of("s/B.tar"), files("s/[!a-c].tar"));
        assertEquals(List.of("t/a.tar", "s/a.tar", "s/b.tar"), files("{t/a,s/[a-c]}.tar"));
    }

    @Test
    void aNameThatIsThereIsNoPattern() throws IOException {
        touch("s/[a].tar", "s/{1..2}.tar", "s/a.tar");
        assertEquals(List.of("s/[a].tar"), files("s/[a].tar"));
        assertEquals(List.of("s/{1..2}.tar"), files("s/{1..2}.tar"));
    }

    @Test
    void namesThatAreNoTextAreFoundToo() throws IOException {
        var name = PathText.path(PathText.text(root) + "/\udcff.tar");
        Files.write(name, new byte[0]);
        assertEquals(List.of(name), NamePattern.expand(text("*.tar")));
    }

    @Test
    void whatMatchesNothingIsToldWithWhatIsThere() throws IOException {
        touch("s/train-0000.tar", "s/train-0001.tar");
        assertTrue(refusal("s/val-*.tar")
                .contains("matches no file; " + root.resolve("s") + " holds train-0000.tar, train-0001.tar"));
        assertTrue(refusal("s/train-{0000..0002}.tar")
                .contains("1 of the files that it names is not there: " + root.resolve("s/train-0002.tar")));
        assertTrue(refusal("no/*.tar").contains("matches no file; " + root + " holds s"));
        assertTrue(refusal("s/none.tar").contains("no such file"), refusal("s/none.tar"));
        assertTrue(refusal("none").contains("no such folder"));
    }

    @Test
    void filesOfSeveralKindsAreRefused() throws IOException {
        touch("s/a.tar", "s/b.parquet", "s/c.jpg", "d/x/1.jpg", "d/y/1.jpg");
        assertTrue(refusal("s/*").contains("found a.tar and b.parquet and c.jpg"), refusal("s/*"));
        assertTrue(refusal("d/*").contains("names 2 folders"));
        assertTrue(refusal("s/c.jpg").contains("is a file, expected a folder of images, a file of `data pack`"));
        assertTrue(refusal("s/a.tar#label=x").contains("only .parquet files"));
    }

    @Test
    void columnsStandBehindTheNames() throws IOException {
        touch("a.parquet", "b#image=x.parquet");
        var both = (Named.Tables) Named.of(text("*a.parquet#image=photo,label=kind"));
        assertEquals(Optional.of("photo"), both.columns().image());
        assertEquals(Optional.of("kind"), both.columns().label());
        assertEquals(1, both.files().size());
        var none = (Named.Tables) Named.of(text("b#image=x.parquet"));
        assertEquals(Optional.empty(), none.columns().image());
        assertTrue(
                refusal("a.parquet#picture=x").contains("'picture=x' names no column, expected #image=COL,label=COL"));
    }

    @Test
    void binaryBatchesWithoutAListHaveNumbersForClasses() throws IOException {
        Files.write(root.resolve("one.bin"), new byte[2 * RECORD]);
        var source = Sources.ofUser(_ -> {}).open(text("*.bin"));
        assertEquals(IntStream.range(0, 10).mapToObj(Integer::toString).toList(), source.classes());
        assertEquals(2, source.size());
        assertEquals("one.bin/1", source.name(1).toString());
        assertEquals(root.resolve("one.bin/1"), source.path(1));
        Files.write(root.resolve("one.bin"), new byte[RECORD + 1]);
        assertEquals(100, Sources.ofUser(_ -> {}).open(text("one.bin")).classes().size());
    }
}
