package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.TemporaryFolder;
import dev.lejepa.graphs.Text;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The small cases that travel with the program, unpacked to a temporary folder for as long as they are used.
public final class ShippedCases implements AutoCloseable {
    private static final String INDEX = "index.txt";

    private final TemporaryFolder folder;

    private ShippedCases(TemporaryFolder folder) {
        this.folder = folder;
    }

    /// Unpacks all of them.
    public static ShippedCases unpack() throws IOException {
        var cases = new ShippedCases(TemporaryFolder.create("lejepa-cases-"));
        try {
            for (var name : index()) {
                var file = cases.folder().resolve(name);
                Files.createDirectories(file.getParent());
                try (var in = open(name)) {
                    Files.copy(in, file);
                }
            }
            return cases;
        } catch (IOException e) {
            cases.close();
            throw e;
        }
    }

    /// Their files, relative to the folder of all cases.
    static List<String> index() throws IOException {
        try (var reader = new BufferedReader(new InputStreamReader(open(INDEX), StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }

    private static InputStream open(String name) throws IOException {
        var in = ShippedCases.class.getResourceAsStream("cases/" + name);
        if (in == null) {
            throw new IOException(Text.format("this installation lacks the file cases/%s", name));
        }
        return in;
    }

    /// Where they are.
    public Path folder() {
        return folder.path();
    }

    @Override
    public void close() throws IOException {
        folder.close();
    }
}
