package dev.lejepa.trainer.shards;

import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The name of a tar's member in WebDataset's form: what belongs together has one key.
///
/// @param key folders and what stands before the first dot of the last part
/// @param suffix what stands behind it, in lower case: `jpg`, `cls`, `left.png`
record MemberName(String key, String suffix) {
    private static final Set<String> PICTURES = Set.of(
            "jpg", "jpeg", "jpe", "jfif", "png", "webp", "bmp", "gif", "ppm", "pgm", "pbm", "pnm", "tif", "tiff",
            "avif", "heic", "heif", "jxl");

    /// The parts of a member's name. Members that WebDataset passes over have none: those without a dot or with nothing
    /// before it, and those whose first part is `__like_this__`.
    static Optional<MemberName> of(String name) {
        var last = name.lastIndexOf('/') + 1;
        var dot = name.indexOf('.', last);
        if (dot <= last || isMeta(name)) {
            return Optional.empty();
        }
        return Optional.of(
                new MemberName(name.substring(0, dot), name.substring(dot + 1).toLowerCase(Locale.ROOT)));
    }

    private static boolean isMeta(String name) {
        var slash = name.indexOf('/');
        var first = slash < 0 ? name : name.substring(0, slash);
        return first.startsWith("__") && first.endsWith("__") && first.length() >= 4;
    }

    /// A name without what leads elsewhere when it is unpacked: a slash in front, and `..`. Also `./` goes, which is in
    /// front of everything that `tar c .` packs.
    static String within(String name) {
        if (!name.startsWith("/") && !name.contains("./") && !name.contains("//") && !name.endsWith("/..")) {
            return name;
        }
        var parts = new ArrayList<String>();
        for (var part : name.split("/")) {
            if (!part.isEmpty() && !part.equals(".") && !part.equals("..")) {
                parts.add(part);
            }
        }
        return String.join("/", parts);
    }

    /// Whether a name leads out of the folder that it is unpacked in.
    static boolean leadsOut(String name) {
        return name.startsWith("/") || ("/" + name + "/").contains("/../");
    }

    boolean isPicture() {
        return PICTURES.contains(suffix.substring(suffix.lastIndexOf('.') + 1));
    }

    /// Whether it is the kind of picture that a key has one of: `jpg` and not `left.jpg`.
    boolean isPlain() {
        return suffix.indexOf('.') < 0;
    }

    /// The folder that it lies in, without those above; empty if there is none.
    String folder() {
        var end = key.lastIndexOf('/');
        return end < 0 ? "" : key.substring(key.lastIndexOf('/', end - 1) + 1, end);
    }
}
