package dev.lejepa.trainer.shards;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The members of one key of a tar file, while they are found.
final class TarKey {
    /// An image among them.
    private record Picture(MemberName name, TarMember member, Seen seen) {}

    /// Reads what an image's header says.
    @FunctionalInterface
    interface HeaderReader {
        Seen read(TarMember member) throws IOException, DamagedTarException;
    }

    private final MemberName first;
    private final List<String> suffixes = new ArrayList<>();
    private final Map<SampleLabel.Origin, SampleLabel> labels = new EnumMap<>(SampleLabel.Origin.class);
    private @Nullable Picture picture;
    private int pictures;

    TarKey(MemberName first) {
        this.first = first;
    }

    /// Takes down that the key has a member.
    ///
    /// @return false if it has one of this suffix already
    boolean add(String suffix) {
        return !suffixes.contains(suffix) && suffixes.add(suffix);
    }

    void label(SampleLabel.Origin origin, SampleLabel label) {
        labels.put(origin, label);
    }

    /// Takes an image unless there is one that comes first.
    void picture(MemberName name, TarMember member, HeaderReader headers) throws IOException, DamagedTarException {
        pictures++;
        if (picture == null || name.isPlain() && !picture.name().isPlain()) {
            picture = new Picture(name, member, headers.read(member));
        }
    }

    boolean hasSeveral() {
        return pictures > 1;
    }

    /// The image, or what is there without one; nothing where there is no label either.
    Optional<TarSample> sample() {
        var label = label();
        if (picture != null) {
            var member = picture.member();
            var seen = label instanceof SampleLabel.Unreadable(var reason) ? new Seen.Fault(reason) : picture.seen();
            return Optional.of(new TarSample(
                    first.key(),
                    member.name(),
                    true,
                    member.offset(),
                    (int) Math.min(member.size(), Integer.MAX_VALUE),
                    seen,
                    label));
        }
        if (labels.isEmpty()) {
            return Optional.empty();
        }
        var missing = new Seen.Fault("has no image, only " + String.join(", ", suffixes));
        return Optional.of(new TarSample(
                first.key(), first.key() + "." + first.suffix(), false, 0, 0, missing, new SampleLabel.None()));
    }

    /// What stands beside the image comes before the folder.
    private SampleLabel label() {
        for (var beside : labels.values()) {
            if (!(beside instanceof SampleLabel.None)) {
                return beside;
            }
        }
        return LabelReader.folder(first.folder());
    }
}
