package dev.lejepa.graphs.weights;

import dev.lejepa.graphs.safetensors.ElementType;
import java.util.Map;
import java.util.Optional;

/// What torch calls its element types, as classes of storages and as `torch.dtype`s.
final class TorchTypes {
    private static final Map<String, ElementType> STORAGES = Map.ofEntries(
            Map.entry("DoubleStorage", ElementType.F64),
            Map.entry("FloatStorage", ElementType.F32),
            Map.entry("HalfStorage", ElementType.F16),
            Map.entry("BFloat16Storage", ElementType.BF16),
            Map.entry("LongStorage", ElementType.I64),
            Map.entry("IntStorage", ElementType.I32),
            Map.entry("ShortStorage", ElementType.I16),
            Map.entry("CharStorage", ElementType.I8),
            Map.entry("ByteStorage", ElementType.U8),
            Map.entry("BoolStorage", ElementType.BOOL));

    private static final Map<String, ElementType> DTYPES = Map.ofEntries(
            Map.entry("float64", ElementType.F64),
            Map.entry("float32", ElementType.F32),
            Map.entry("float16", ElementType.F16),
            Map.entry("bfloat16", ElementType.BF16),
            Map.entry("float8_e4m3fn", ElementType.F8_E4M3),
            Map.entry("float8_e5m2", ElementType.F8_E5M2),
            Map.entry("int64", ElementType.I64),
            Map.entry("int32", ElementType.I32),
            Map.entry("int16", ElementType.I16),
            Map.entry("int8", ElementType.I8),
            Map.entry("uint64", ElementType.U64),
            Map.entry("uint32", ElementType.U32),
            Map.entry("uint16", ElementType.U16),
            Map.entry("uint8", ElementType.U8),
            Map.entry("bool", ElementType.BOOL));

    /// Classes of storages whose elements are not read, but may lie between those that are.
    private static final Map<String, Integer> OTHER_STORAGES = Map.of(
            "ComplexFloatStorage", 8,
            "ComplexDoubleStorage", 16,
            "QInt8Storage", 1,
            "QUInt8Storage", 1,
            "QInt32Storage", 4,
            "UntypedStorage", 1);

    private TorchTypes() {}

    /// Whether `name` is a class of storages: `torch.FloatStorage`, `torch.cuda.HalfStorage`, `torch.UntypedStorage`.
    static boolean isStorage(String module, String name) {
        boolean home = module.equals("torch") || module.equals("torch.cuda") || module.equals("torch.storage");
        return home && name.endsWith("Storage");
    }

    /// The elements of a class of storages, by its name without the module, if they are read.
    static Optional<ElementType> ofStorage(String name) {
        return Optional.ofNullable(STORAGES.get(name));
    }

    /// Bytes of an element of a class of storages, by its name with the module.
    static Optional<Integer> bytes(String fullName) {
        String name = fullName.substring(fullName.lastIndexOf('.') + 1);
        return ofStorage(name).map(ElementType::bytes).or(() -> Optional.ofNullable(OTHER_STORAGES.get(name)));
    }

    /// The elements of `torch.NAME`, if it is a type that is read.
    static Optional<ElementType> ofDtype(String name) {
        return Optional.ofNullable(DTYPES.get(name));
    }
}
