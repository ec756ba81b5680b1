package dev.lejepa.runtime.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurveFitTest {
    private static final Path ROOT = Path.of("..");

    @TempDir
    Path folder;

    @Test
    void theExampleLearnsTheSine() throws IOException {
        var points = new float[64];
        var values = new float[64];
        var spread = 0f;
        for (var i = 0; i < points.length; i++) {
            points[i] = -3 + 6f * i / points.length;
            values[i] = (float) Math.sin(points[i]);
            spread += values[i] * values[i] / points.length;
        }
        var loss = CurveFit.fit(points, values, folder);
        assertTrue(loss < 0.02f * spread, "%f of %f".formatted(loss, spread));
    }

    @Test
    void readmeShowsTheExampleAsItIsCompiled() throws IOException {
        var source = Files.readString(
                Path.of("src/test/java").resolve(CurveFit.class.getName().replace('.', '/') + ".java"));
        var imports = source.lines().filter(l -> l.startsWith("import ")).toList();
        var region = source.substring(source.indexOf('\n', source.indexOf("// @start")), source.indexOf("// @end"));
        assertEquals(String.join("\n", imports) + "\n\n" + region.stripIndent().strip(), block("java"));
    }

    @Test
    void readmeNamesTheModulesAsTheyAreInstalled() throws IOException {
        var parent = Files.readString(ROOT.resolve("pom.xml"));
        var own = Files.readString(ROOT.resolve("runtime/pom.xml"));
        for (var element : List.of(
                element("groupId", parent),
                element("version", parent),
                element("artifactId", own.substring(own.indexOf("</parent>"))))) {
            assertTrue(block("xml").contains(element), element);
        }
    }

    private static String element(String name, String xml) {
        var found = Pattern.compile("<%1$s>[^<]+</%1$s>".formatted(name)).matcher(xml);
        assertTrue(found.find(), name);
        return found.group();
    }

    /// The text of README's only block in a language.
    private static String block(String language) throws IOException {
        var blocks = Pattern.compile("```" + language + "\n(.*?)\n```", Pattern.DOTALL)
                .matcher(Files.readString(ROOT.resolve("README.md")))
                .results()
                .map(m -> m.group(1))
                .toList();
        assertEquals(1, blocks.size(), language);
        return blocks.getFirst();
    }
}
