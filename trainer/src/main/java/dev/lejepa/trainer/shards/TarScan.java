package dev.lejepa.trainer.shards;

import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.ImageHeader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Lists the images of a tar file: headers of members and of images are read, and labels.
final class TarScan {
    /// What a tar file holds.
    record Found(List<TarSample> samples, Oddities oddities) {}

    /// Longer members beside an image are not looked at for a label.
    private static final int LONGEST_LABEL = 16 << 20;

    /// Enough for nearly all headers of images.
    private static final int HEADER_BYTES = 8 << 10;

    private final TarReader tar;
    private final LabelReader labels = new LabelReader();
    private final Map<String, TarKey> keys = new LinkedHashMap<>();
    private final Oddities oddities = new Oddities();

    private TarScan(TarReader tar) {
        this.tar = tar;
    }

    /// @throws DamagedTarException if the file is no tar file, damaged, cut off, or holds something twice
    static Found of(Path file) throws IOException, DamagedTarException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() == 0) {
                throw new DamagedTarException("is empty (zero bytes)");
            }
            return new TarScan(new TarReader(channel)).scan();
        }
    }

    private Found scan() throws IOException, DamagedTarException {
        for (var member = tar.next(); member.isPresent(); member = tar.next()) {
            take(member.get());
        }
        var samples = new ArrayList<TarSample>();
        keys.forEach((key, members) -> {
            if (members.hasSeveral()) {
                oddities.add(Oddities.Kind.SEVERAL_IMAGES, key);
            }
            members.sample().ifPresentOrElse(samples::add, () -> oddities.add(Oddities.Kind.NO_SAMPLE, key));
        });
        return new Found(samples, oddities);
    }

    private void take(TarMember found) throws IOException, DamagedTarException {
        var within = MemberName.within(found.name());
        var name = MemberName.of(within);
        if (name.isEmpty() || found.kind() == TarMember.Kind.OTHER) {
            return;
        }
        if (found.kind() == TarMember.Kind.LINK) {
            oddities.add(Oddities.Kind.LINK, found.name());
            return;
        }
        if (MemberName.leadsOut(found.name())) {
            oddities.add(Oddities.Kind.LEADS_OUT, found.name());
        }
        take(name.get(), new TarMember(within, found.kind(), found.offset(), found.size()));
    }

    private void take(MemberName name, TarMember member) throws IOException, DamagedTarException {
        var key = keys.computeIfAbsent(name.key(), _ -> new TarKey(name));
        if (!key.add(name.suffix())) {
            throw new DamagedTarException(Text.format(
                    "holds %s twice: a key has each of its members once", Escapes.unprintable(member.name())));
        }
        switch (name.suffix()) {
            case "cls" -> key.label(SampleLabel.Origin.CLS, label(member, labels::cls));
            case "json" -> key.label(SampleLabel.Origin.JSON, label(member, labels::json));
            case "txt" -> key.label(SampleLabel.Origin.TXT, label(member, labels::txt));
            default -> {
                if (name.isPicture()) {
                    key.picture(name, member, this::header);
                }
            }
        }
    }

    @FunctionalInterface
    private interface Reading {
        SampleLabel of(byte[] bytes);
    }

    private SampleLabel label(TarMember member, Reading reading) throws IOException, DamagedTarException {
        return member.kind() == TarMember.Kind.FILE && member.size() <= LONGEST_LABEL
                ? reading.of(tar.bytes(member.offset(), (int) member.size()))
                : new SampleLabel.None();
    }

    /// The image's header, from the first bytes where they suffice.
    private Seen header(TarMember member) throws IOException, DamagedTarException {
        if (member.kind() == TarMember.Kind.SPARSE) {
            return new Seen.Fault("is stored as a sparse file, which is not read in shards");
        }
        if (member.size() > Integer.MAX_VALUE - 8) {
            return new Seen.Fault("cannot be read (larger than 2 GiB)");
        }
        try {
            return header(member, (int) Math.min(HEADER_BYTES, member.size()));
        } catch (BrokenImageException e) {
            try {
                return header(member, (int) member.size());
            } catch (BrokenImageException broken) {
                return new Seen.Unreadable();
            }
        }
    }

    private Seen header(TarMember member, int bytes) throws IOException, DamagedTarException, BrokenImageException {
        var header = ImageHeader.of(
                Escapes.unprintable(member.name()), MemorySegment.ofArray(tar.bytes(member.offset(), bytes)));
        return new Seen.Header(header);
    }
}
