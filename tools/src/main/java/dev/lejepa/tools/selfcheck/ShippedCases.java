package dev.lejepa.tools.selfcheck;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The small cases that travel with the program, unpacked to a temporary folder for as long as they are used.
public final class ShippedCases implements AutoCloseable {
    private static final String INDEX = "index.txt";

    private final Path folder;

    private ShippedCases(Path folder) {
        this.folder = folder;
    }

    /// Unpacks all of them.
    public static ShippedCases unpack() throws IOException {
        var cases = new ShippedCases(Files.createTempDirectory("lejepa-cases-"));
        try {
            for (var name : index()) {
                var file = cases.folder.resolve(name);
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
            throw new IOException("this installation lacks the file cases/%s".formatted(name));
        }
        return in;
    }

    /// Where they are.
    public Path folder() {
        return folder;
    }

    @Override
    public void close() throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException fault) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
