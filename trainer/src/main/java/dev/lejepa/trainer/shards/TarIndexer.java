package dev.lejepa.trainer.shards;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.FileFaults;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Lists the images of tar files: by shard, then by their place in it.
final class TarIndexer {
    /// What was found in a shard.
    private sealed interface Outcome {
        record Listed(TarScan.Found found) implements Outcome {}

        record Refused(String reason) implements Outcome {}
    }

    /// Shards that are gone through at once, by as many threads as there are.
    private static final int TOGETHER = 32;

    private static final int NAMED_AT_MOST = 10;
    private static final long TELL_EVERY = Duration.ofSeconds(5).toNanos();

    private final List<Shard> shards;
    private final List<Path> names;
    private final Consumer<String> words;
    private final IndexBuilder index;
    private final KeyTable keys;
    private final ClassTable classes = new ClassTable();
    private final Oddities oddities = new Oddities();
    private final List<String> refused = new ArrayList<>();
    private long pictures;
    private long told = System.nanoTime();

    /// @param names of the shards in messages
    TarIndexer(String kind, List<Shard> shards, List<Path> names, Consumer<String> words) {
        this.shards = shards;
        this.names = names;
        this.words = words;
        this.index = new IndexBuilder(kind, shards);
        this.keys = new KeyTable(
                image -> MemberName.of(index.name(image)).orElseThrow().key());
    }

    /// @throws BadInputException if a shard is damaged, if they hold no images, a key twice, or labels of two kinds
    ShardIndex list() {
        for (var first = 0; first < shards.size(); first += TOGETHER) {
            var end = Math.min(first + TOGETHER, shards.size());
            var outcomes = IntStream.range(first, end)
                    .parallel()
                    .mapToObj(shard -> scan(shards.get(shard).file()))
                    .toList();
            for (var shard = first; shard < end; shard++) {
                switch (outcomes.get(shard - first)) {
                    case Outcome.Listed(var found) -> add(shard, found);
                    case Outcome.Refused(var reason) -> refused.add(Text.format("%s: %s", names.get(shard), reason));
                }
            }
            tell(end);
        }
        requireWhole();
        if (pictures == 0) {
            throw new BadInputException(Text.format(
                    "%s: no images, expected members such as n01440764_10026.jpg, with n01440764_10026.cls or in folders for labels",
                    shown()));
        }
        var known = classes.classes();
        index.relabel(known::label);
        if (!known.names().isEmpty()) {
            index.refuseUnlabelled("has no label, as other images have");
        }
        var notes = new ArrayList<>(oddities.notes());
        known.note().ifPresent(notes::add);
        return index.finish(known.names(), notes);
    }

    private static Outcome scan(Path file) {
        try {
            return new Outcome.Listed(TarScan.of(file));
        } catch (DamagedTarException e) {
            return new Outcome.Refused(e.found());
        } catch (IOException e) {
            return new Outcome.Refused("cannot be read (" + FileFaults.reason(e) + ")");
        }
    }

    private void add(int shard, TarScan.Found found) {
        var before = pictures;
        for (var sample : found.samples()) {
            keys.put(sample.key(), index.size()).ifPresent(other -> {
                throw new BadInputException(Text.format(
                        "key %s is in %s and in %s: within one set a key stands for one image; sets whose keys meet can be given one after another, as a list",
                        Escapes.unprintable(sample.key()), names.get(index.shard(other)), names.get(shard)));
            });
            var label = classes.add(
                    sample.label(), () -> Text.format("%s/%s", names.get(shard), Escapes.unprintable(sample.name())));
            index.add(new IndexBuilder.Entry(
                    shard, sample.offset(), sample.length(), label, sample.seen(), sample.name()));
            pictures += sample.isPicture() ? 1 : 0;
        }
        oddities.addAll(found.oddities());
        if (pictures == before) {
            oddities.add(Oddities.Kind.EMPTY, PathText.shown(names.get(shard)));
        }
    }

    private void tell(int done) {
        if (System.nanoTime() - told > TELL_EVERY && done < shards.size()) {
            told = System.nanoTime();
            words.accept(Text.format(
                    "listing the images of %s, once: %,d of %,d shards, %,d images",
                    shown(), done, shards.size(), index.size()));
        }
    }

    private void requireWhole() {
        if (refused.size() == 1) {
            throw new BadInputException(refused.getFirst());
        }
        if (!refused.isEmpty()) {
            throw new BadInputException(Text.format(
                    "%d of %d shards cannot be used: %s%s",
                    refused.size(),
                    shards.size(),
                    refused.stream().limit(NAMED_AT_MOST).collect(Collectors.joining("; ")),
                    refused.size() > NAMED_AT_MOST ? "; ..." : ""));
        }
    }

    private String shown() {
        var first = PathText.shown(names.getFirst());
        return names.size() == 1 ? first : first + Text.format(" and %,d more", names.size() - 1);
    }
}
