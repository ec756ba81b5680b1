package dev.lejepa.trainer.shards;

import dev.lejepa.graphs.FileFaults;
import dev.lejepa.graphs.OutputFile;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.UserCache;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Where indexes of shards are kept from one run to the next: a file each, named after the shards' paths. Processes that
/// make the same index at once do no harm: the file is either's.
///
/// @param folder which need not be there
/// @param words gets what a person should know, a line each
public record IndexCache(Path folder, Consumer<String> words) {
    /// Lists the images of shards.
    @FunctionalInterface
    public interface Listing {
        /// @throws dev.lejepa.graphs.BadInputException if they cannot be listed
        ShardIndex list() throws IOException;
    }

    /// The one in the user's cache.
    public static IndexCache ofUser(Consumer<String> words) {
        return new IndexCache(UserCache.folder("index"), words);
    }

    /// The index of shards as they are now: the kept one, or one that is made, where there is none or the kept one does
    /// not fit any more.
    ///
    /// @param kind as the listing tells [IndexBuilder]
    public ShardIndex open(String kind, List<Shard> shards, Listing listing) throws IOException {
        var file = file(kind, shards);
        if (Files.exists(file)) {
            try {
                var kept = IndexFile.open(file);
                var stale = stale(kept.head(), kind, shards);
                if (stale.isEmpty()) {
                    return kept;
                }
                words.accept(Text.format("the index of %s is made anew: %s changed", shown(shards), stale));
            } catch (IOException e) {
                words.accept(
                        Text.format("the index of %s is made anew: %s %s", shown(shards), file, FileFaults.reason(e)));
            }
        }
        return keep(file, listing.list());
    }

    /// Where the index of shards lies, if it is kept.
    public Path file(String kind, List<Shard> shards) {
        var parts = new ArrayList<byte[]>();
        parts.add(kind.getBytes(StandardCharsets.UTF_8));
        shards.forEach(shard -> parts.add(PathText.bytes(shard.file())));
        return folder.resolve(CacheName.of(parts) + ".index");
    }

    /// The name of what is not as the index says; empty if all is.
    private static String stale(IndexHead head, String kind, List<Shard> shards) {
        if (!head.kind().equals(kind) || head.shards().size() != shards.size()) {
            return "the list of shards";
        }
        for (var i = 0; i < shards.size(); i++) {
            if (!head.shards().get(i).equals(shards.get(i))) {
                return PathText.shown(shards.get(i).file());
            }
        }
        return "";
    }

    private ShardIndex keep(Path file, ShardIndex made) {
        try {
            OutputFile.requireWritable(Files.createDirectories(folder));
            IndexFile.write(file, made);
            return IndexFile.open(file); // what was made in memory is free again
        } catch (IOException e) {
            words.accept(Text.format(
                    "the index of %s is not kept, as %s cannot be written (%s); XDG_CACHE_HOME names another folder",
                    shown(made.shards()), file, FileFaults.reason(e)));
            return made;
        }
    }

    private static String shown(List<Shard> shards) {
        var first = PathText.shown(shards.getFirst().file());
        return shards.size() == 1 ? first : first + Text.format(" and %d more", shards.size() - 1);
    }
}
