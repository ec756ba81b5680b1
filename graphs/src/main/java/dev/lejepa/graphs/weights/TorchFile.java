package dev.lejepa.graphs.weights;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.razorvine.pickle.PickleException;

/// What `torch.save` writes: a zip file with a pickle and one member per storage, or, before version 1.6, pickles one
/// after another and the storages behind them.
final class TorchFile {
    private static final String PICKLE = "/data.pkl";
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    /// How a pickle of [#MAGIC] begins: protocol 2, a number of ten bytes.
    private static final byte[] OLD_START = {(byte) 0x80, 2, (byte) 0x8a, 10, 'l', (byte) 0xfc};

    private static final int OLD_VERSION = 1001;

    private final String file;

    private TorchFile(String file) {
        this.file = file;
    }

    /// Whether a file in memory begins as the old form does.
    static boolean isOld(MemorySegment all) {
        return all.byteSize() > OLD_START.length
                && Arrays.equals(all.asSlice(0, OLD_START.length).toArray(ValueLayout.JAVA_BYTE), OLD_START);
    }

    /// The folder of a zip file's members that makes it torch's, if there is one.
    static Optional<String> folder(ZipDirectory zip) {
        for (String name : zip.names()) {
            if (name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length()) {
                return Optional.of(name.substring(0, name.length() - PICKLE.length()));
            }
        }
        return Optional.empty();
    }

    /// @param name of the file, for messages
    /// @param folder of its members
    static WeightsNode.Group readZip(String name, ZipDirectory zip, String folder, Arena arena) {
        var torch = new TorchFile(name);
        Object pickled = torch.unpickle(new TensorUnpickler(), new SegmentStream(zip.bytes(folder + PICKLE, arena)));
        var unpacked = new HashMap<String, MemorySegment>();
        return new TorchTree(
                        name,
                        torch.order(zip, folder, arena),
                        key -> unpacked.computeIfAbsent(key, k -> zip.bytes(folder + "/data/" + k, arena)))
                .root(pickled);
    }

    private ByteOrder order(ZipDirectory zip, String folder, Arena arena) {
        if (!zip.has(folder + "/byteorder")) {
            return ByteOrder.LITTLE_ENDIAN;
        }
        byte[] text = zip.bytes(folder + "/byteorder", arena).toArray(ValueLayout.JAVA_BYTE);
        return switch (new String(text, StandardCharsets.US_ASCII)) {
            case "little" -> ByteOrder.LITTLE_ENDIAN;
            case "big" -> ByteOrder.BIG_ENDIAN;
            case String other -> throw bad(Text.format("byteorder is '%s', expected little or big", other));
        };
    }

    /// Magic number, version, facts of the machine, the dictionary, the storages' keys, and each storage: its number of
    /// elements in eight bytes, then the elements.
    static WeightsNode.Group readOld(String name, MemorySegment all) {
        var torch = new TorchFile(name);
        var stream = new SegmentStream(all);
        var unpickler = new TensorUnpickler();
        if (!MAGIC.equals(torch.unpickle(unpickler, stream))
                || !Integer.valueOf(OLD_VERSION).equals(torch.unpickle(unpickler, stream))) {
            throw torch.bad("is no file of torch.save that is known here");
        }
        boolean big = torch.unpickle(unpickler, stream) instanceof Map<?, ?> facts
                && Boolean.FALSE.equals(facts.get("little_endian"));
        var order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        Object pickled = torch.unpickle(unpickler, stream);
        if (!(torch.unpickle(unpickler, stream) instanceof List<?> keys)) {
            throw torch.bad("has no list of its storages");
        }
        var places = torch.oldStorages(all, stream.position(), keys, order, unpickler.storages());
        return new TorchTree(name, order, key -> {
                    MemorySegment place = places.get(key);
                    if (place == null) {
                        throw torch.bad(Text.format("has no storage '%s'", key));
                    }
                    return place;
                })
                .root(pickled);
    }

    private Map<String, MemorySegment> oldStorages(
            MemorySegment all, long begin, List<?> keys, ByteOrder order, Map<String, TorchStorage> named) {
        var count = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
        var places = new HashMap<String, MemorySegment>();
        long at = begin;
        for (Object key : keys) {
            TorchStorage storage = named.get(String.valueOf(key));
            if (storage == null) {
                throw bad(Text.format("its storage '%s' belongs to no tensor", key));
            }
            int size = TorchTypes.bytes(storage.typeName())
                    .orElseThrow(() -> bad(Text.format("its storage '%s' is a %s", key, storage.typeName())));
            long left = all.byteSize() - at - Long.BYTES;
            long elements = left < 0 ? -1 : all.get(count, at);
            if (elements < 0 || elements > left / size) {
                throw bad(Text.format("cut off inside storage '%s'", key));
            }
            at += Long.BYTES;
            places.put(String.valueOf(key), all.asSlice(at, elements * size));
            at += elements * size;
        }
        return places;
    }

    private Object unpickle(TensorUnpickler unpickler, SegmentStream stream) {
        try {
            return unpickler.load(stream);
        } catch (PickleName.Refused e) {
            throw new BadInputException(
                    Text.format(
                            "%s: refused, its pickle calls %s, which no tensor needs; nothing was run",
                            file, e.getMessage()),
                    e);
        } catch (PickleException e) {
            throw new BadInputException(Text.format("%s: its pickle is damaged: %s", file, e.getMessage()), e);
        } catch (IOException e) {
            throw new BadInputException(Text.format("%s: cut off inside its pickle", file), e);
        }
    }

    private BadInputException bad(String problem) {
        return new BadInputException(file + ": " + problem);
    }
}
