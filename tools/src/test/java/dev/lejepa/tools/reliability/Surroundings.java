package dev.lejepa.tools.reliability;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Commands that start another one in a world of its own: with a small disk, or with a folder that nobody can write to,
/// root neither. They need a kernel that lets its users have mounts of their own.
final class Surroundings {
    private static final String SMALL_DISK = """
            size=$1 disk=$2 copy=$3
            shift 3
            mount -t tmpfs -o size="$size" tmpfs "$disk" || exit 99
            "$@"
            code=$?
            cp -a "$disk/." "$copy"
            exit $code
            """;

    private static final String READ_ONLY = """
            folder=$1
            shift
            mount --bind "$folder" "$folder" && mount -o remount,bind,ro "$folder" || exit 99
            exec "$@"
            """;

    private Surroundings() {}

    /// Whether there is such a kernel here.
    static boolean areThere() throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(in("mount -t tmpfs tmpfs /mnt"))
                            .redirectError(Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // no such program
        }
    }

    /// A disk of so many bytes in a folder's place, whose files are copied at the end.
    static List<String> smallDisk(long bytes, Path disk, Path copy) {
        return in(SMALL_DISK, Long.toString(bytes), disk.toString(), copy.toString());
    }

    /// A limit on the size of every file: the next best, wherever there is a shell.
    static List<String> smallFiles(long bytes) {
        return List.of("bash", "-c", "ulimit -f $1; shift; exec \"$@\"", "bash", Long.toString(bytes / 1024));
    }

    static List<String> readOnly(Path folder) {
        return in(READ_ONLY, folder.toString());
    }

    private static List<String> in(String script, String... words) {
        var command = new ArrayList<>(List.of("unshare", "-rm", "bash", "-c", script, "bash"));
        command.addAll(List.of(words));
        return command;
    }
}
