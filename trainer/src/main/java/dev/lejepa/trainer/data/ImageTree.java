package dev.lejepa.trainer.data;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Lists the images below a folder. Hidden entries are ignored. A folder is entered once, under its own name if it has
/// one below the start, else under that of the first link to it; so links that lead back upwards end there.
final class ImageTree {
    private static final Set<String> SUFFIXES = Set.of("jpg", "jpeg", "png", "webp", "bmp");

    private final Set<Path> entered = new HashSet<>();
    private final Deque<Path> links = new ArrayDeque<>();
    private final List<Path> images = new ArrayList<>();

    private ImageTree() {}

    /// The images below `start`, at any depth, sorted bytewise.
    ///
    /// @param above folders that links must not lead back to
    static List<Path> imagesBelow(Path start, Path... above) throws IOException {
        ImageTree tree = new ImageTree();
        for (Path folder : above) {
            tree.entered.add(folder.toRealPath());
        }
        tree.enter(start);
        while (!tree.links.isEmpty()) {
            tree.enter(tree.links.remove());
        }
        Collections.sort(tree.images);
        return tree.images;
    }

    /// What is directly in a folder, without hidden entries, sorted bytewise: the order of paths on Unix.
    static List<Path> entries(Path folder) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, path -> !isHidden(path))) {
            stream.forEach(entries::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Collections.sort(entries);
        return entries;
    }

    static boolean hasImageSuffix(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot > 0 && SUFFIXES.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
    }

    private static boolean isHidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    private void enter(Path start) throws IOException {
        Deque<Path> folders = new ArrayDeque<>(List.of(start));
        while (!folders.isEmpty()) {
            Path folder = folders.remove();
            if (entered.add(folder.toRealPath())) {
                for (Path entry : entries(folder)) {
                    sort(entry, folders);
                }
            }
        }
    }

    private void sort(Path entry, Deque<Path> folders) throws IOException {
        BasicFileAttributes own = Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (own.isDirectory()) {
            folders.add(entry);
        } else if (own.isSymbolicLink() && Files.isDirectory(entry)) {
            links.add(entry);
        } else if (hasImageSuffix(entry)) {
            images.add(entry);
        }
    }
}
