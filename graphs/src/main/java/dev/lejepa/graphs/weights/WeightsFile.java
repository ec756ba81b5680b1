package dev.lejepa.graphs.weights;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.InputFile;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.safetensors.SafetensorsFile;
import dev.lejepa.graphs.safetensors.TensorInfo;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;

/// An open file of weights, mapped into memory. Its form is told by how it begins, whatever its name.
public final class WeightsFile implements AutoCloseable {
    private static final int ZIP = 0x04034b50;
    private static final int EMPTY_ZIP = 0x06054b50;
    /// Enough to see what else a file may be.
    private static final int START = 64;

    private final Path path;
    private final WeightsNode.Group root;
    private final Runnable unmap;

    private WeightsFile(Path path, WeightsNode.Group root, Runnable unmap) {
        this.path = path;
        this.root = root;
        this.unmap = unmap;
    }

    /// Opens a `.safetensors`, a file of `torch.save`, or an `.npz`.
    ///
    /// @throws BadInputException where it is missing, damaged or something else, or its pickle asks for code
    public static WeightsFile open(Path path) throws IOException {
        InputFile.require(path);
        String name = PathText.shown(path);
        Arena arena = Arena.ofShared();
        boolean kept = false;
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            refuseStrangers(name, all);
            int start = all.byteSize() < Integer.BYTES
                    ? 0
                    : all.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
            WeightsFile file;
            if (start == ZIP || start == EMPTY_ZIP) {
                file = new WeightsFile(path, zipped(name, all, arena), arena::close);
            } else if (TorchFile.isOld(all)) {
                file = new WeightsFile(path, TorchFile.readOld(name, all), arena::close);
            } else {
                return safetensors(path);
            }
            kept = true;
            return file;
        } finally {
            if (!kept) {
                arena.close();
            }
        }
    }

    private static WeightsNode.Group zipped(String name, MemorySegment all, Arena arena) {
        var zip = new ZipDirectory(name, all);
        var folder = TorchFile.folder(zip);
        if (folder.isPresent()) {
            return TorchFile.readZip(name, zip, folder.get(), arena);
        }
        if (NpzFile.isOne(zip)) {
            return NpzFile.read(name, zip, arena);
        }
        throw new BadInputException(
                name + ": is a zip file with neither data.pkl (torch.save) nor .npy arrays alone (numpy.savez)");
    }

    private static WeightsFile safetensors(Path path) throws IOException {
        var file = SafetensorsFile.open(path);
        var tensors = new LinkedHashMap<String, WeightsNode>();
        for (TensorInfo info : file.tensors().values()) {
            var tensor = StoredTensor.contiguous(info.type(), info.shape(), file.bytes(info.name()));
            tensors.put(info.name(), new WeightsNode.Leaf(tensor));
        }
        return new WeightsFile(path, new WeightsNode.Group(tensors), file::close);
    }

    /// What people have in place of the weights that they think they have.
    private static void refuseStrangers(String name, MemorySegment all) {
        byte[] bytes = all.asSlice(0, Math.min(START, all.byteSize())).toArray(ValueLayout.JAVA_BYTE);
        String start = new String(bytes, StandardCharsets.ISO_8859_1);
        String found = "";
        if (start.startsWith("version https://git-lfs")) {
            found = "a pointer of Git LFS, not the file itself (git lfs pull)";
        } else if (start.stripLeading().startsWith("<")) {
            found = "a page of HTML or XML, perhaps a failed download";
        } else if (start.startsWith("\u0089HDF")) {
            found = "an HDF5 file";
        } else if (start.startsWith("GGUF")) {
            found = "a GGUF file";
        } else if (start.startsWith("{")) {
            found = "JSON, perhaps an index of several files";
        } else if (start.startsWith("\u0093NUMPY")) {
            found = "a single array";
        } else if (all.byteSize() == 0) {
            found = "empty";
        }
        if (!found.isEmpty()) {
            throw new BadInputException(Text.format(
                    "%s: is %s, expected weights as .safetensors, .pth/.pt/.bin of torch.save, or .npz", name, found));
        }
    }

    /// The file this was opened from.
    public Path path() {
        return path;
    }

    /// What the file holds. Its tensors are valid until the file is closed.
    public WeightsNode.Group root() {
        return root;
    }

    /// Unmaps the file.
    @Override
    public void close() {
        unmap.run();
    }
}
