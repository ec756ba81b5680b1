package dev.lejepa.trainer.layout;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.FileFaults;
import dev.lejepa.graphs.InputFile;
import dev.lejepa.graphs.Text;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// CIFAR's binary files: of each image its labels, a byte each, of which the last counts, and its pixels.
///
/// @param most classes that there are; the file of names may not have more
/// @param labelBytes labels of an image: 2 where a coarse one comes first
record CifarBinary(int most, int labelBytes, List<String> train, String test, String names) implements CifarForm {
    @Override
    public List<String> classes(Path file) {
        TextList list = TextList.read(file);
        if (list.lines().size() > most) {
            throw list.bad(list.lines().get(most), Text.format("no more than %d names", most));
        }
        return list.texts();
    }

    @Override
    public CifarImages.Batch batch(Path root, Path name, int classes) {
        Path file = root.resolve(name);
        MemorySegment data = mapped(file);
        long stride = labelBytes + CifarImages.PIXEL_BYTES;
        if (data.byteSize() == 0 || data.byteSize() % stride != 0) {
            throw new BadInputException(Text.format(
                    "%s: has %d bytes, expected a multiple of %d (%d of labels and %d of pixels an image)",
                    file, data.byteSize(), stride, labelBytes, CifarImages.PIXEL_BYTES));
        }
        int[] labels = new int[Math.toIntExact(data.byteSize() / stride)];
        for (int image = 0; image < labels.length; image++) {
            labels[image] = Byte.toUnsignedInt(data.get(ValueLayout.JAVA_BYTE, image * stride + labelBytes - 1));
        }
        CifarForm.requireLabels(file, labels, classes);
        return new CifarImages.Batch(name, data, stride, labelBytes, labels);
    }

    /// The file, for as long as anyone uses it.
    private static MemorySegment mapped(Path file) {
        InputFile.require(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
        } catch (IOException e) {
            throw new BadInputException(Text.format("%s: cannot be read: %s", file, FileFaults.reason(e)), e);
        }
    }
}
