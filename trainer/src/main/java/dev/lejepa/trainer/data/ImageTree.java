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
    private static final List<String> SUFFIXES =
            List.of("jpg", "jpeg", "png", "webp", "bmp", "avif", "heic", "heif", "jxl");

    private final Set<Path> entered = new HashSet<>();
    private final Deque<Path> links = new ArrayDeque<>();
    private final List<Path> images = new ArrayList<>();

    private final PassedOver passedOver;

    private ImageTree(PassedOver passedOver) {
        this.passedOver = passedOver;
    }

    /// The suffixes of images as a sentence lists them.
    ///
    /// @param last the word before the last one
    static String suffixes(String last) {
        String others = String.join(", ", SUFFIXES.subList(0, SUFFIXES.size() - 1));
        return others + " " + last + " " + SUFFIXES.getLast();
    }

    /// The images below `start`, at any depth, sorted bytewise.
    ///
    /// @param passedOver gets what is no image and may be taken for one
    /// @param above folders that links must not lead back to
    static List<Path> imagesBelow(Path start, PassedOver passedOver, Path... above) throws IOException {
        ImageTree tree = new ImageTree(passedOver);
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
        BasicFileAttributes found = own.isSymbolicLink() ? behind(entry, own) : own;
        if (own.isDirectory()) {
            folders.add(entry);
        } else if (found.isDirectory()) {
            links.add(entry);
        } else if (isImage(entry, found, passedOver)) {
            images.add(entry);
        }
    }

    /// Those among the entries of a folder that are images.
    static List<Path> imagesAmong(List<Path> entries, PassedOver passedOver) throws IOException {
        List<Path> images = new ArrayList<>();
        for (Path entry : entries) {
            BasicFileAttributes own = Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            BasicFileAttributes found = own.isSymbolicLink() ? behind(entry, own) : own;
            if (!found.isDirectory() && isImage(entry, found, passedOver)) {
                images.add(entry);
            }
        }
        return images;
    }

    /// What a link leads to; the link itself where it leads nowhere, which makes it an image that cannot be read.
    private static BasicFileAttributes behind(Path link, BasicFileAttributes own) {
        try {
            return Files.readAttributes(link, BasicFileAttributes.class);
        } catch (IOException e) {
            return own;
        }
    }

    /// A pipe is none, whatever its name: whoever opens it waits for a writer.
    private static boolean isImage(Path entry, BasicFileAttributes found, PassedOver passedOver) {
        if (!hasImageSuffix(entry)) {
            passedOver.addOther(entry);
            return false;
        }
        if (found.isOther()) {
            passedOver.addSpecial(entry);
            return false;
        }
        return true;
    }
}
