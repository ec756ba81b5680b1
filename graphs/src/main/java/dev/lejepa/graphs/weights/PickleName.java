package dev.lejepa.graphs.weights;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.safetensors.ElementType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.PickleException;

/// A class or function that a pickle names, and what calling it gives: a tensor, a dictionary, or a placeholder for what
/// no weights need. Nothing of that name is looked for or run; a name that is in neither list is refused when called.
record PickleName(String module, String name) implements IObjectConstructor {
    /// Calls that tensors and state dicts are made of.
    private static final Set<String> TENSORS = Set.of(
            "torch._utils._rebuild_tensor",
            "torch._utils._rebuild_tensor_v2",
            "torch._utils._rebuild_tensor_v3",
            "torch._utils._rebuild_parameter",
            "torch._utils._rebuild_parameter_with_state",
            "torch._tensor._rebuild_from_type_v2");

    private static final Set<String> DICTIONARIES = Set.of("collections.OrderedDict", "collections.defaultdict");

    /// What NumPy's arrays, numbers and types are made by, in all its versions.
    private static final Set<String> NUMPY = Set.of(
            "numpy.dtype",
            "numpy._core.multiarray._reconstruct",
            "numpy._core.multiarray.scalar",
            "numpy._core.numeric._frombuffer",
            "numpy.core.multiarray._reconstruct",
            "numpy.core.multiarray.scalar",
            "numpy.core.numeric._frombuffer");

    /// Bytes, as Python 3 writes them for Python 2: a text with a character for each.
    private static final String BYTES = "_codecs.encode";

    /// Calls that training scripts leave beside their weights: paths, dates, sets. None is needed, so each gives a
    /// placeholder.
    private static final Set<String> HARMLESS = Set.of(
            "builtins.bytearray",
            "builtins.complex",
            "builtins.frozenset",
            "builtins.set",
            "builtins.slice",
            "collections.Counter",
            "collections.deque",
            "copyreg._reconstructor",
            "datetime.date",
            "datetime.datetime",
            "datetime.timedelta",
            "decimal.Decimal",
            "pathlib.Path",
            "pathlib.PosixPath",
            "pathlib.PurePosixPath",
            "pathlib.PureWindowsPath",
            "pathlib.WindowsPath",
            "pathlib._local.PosixPath",
            "pathlib._local.WindowsPath",
            "torch.Size",
            "torch._utils._rebuild_qtensor",
            "torch._utils._rebuild_sparse_tensor",
            "torch._utils._rebuild_meta_tensor_no_storage",
            "torch.device",
            "torch.serialization._get_layout",
            "uuid.UUID");

    /// An object of a class that no weights need, with nothing in it.
    ///
    /// @param type its class
    record Placeholder(String type) {}

    /// What a pickle wants to call and may not.
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String name) {
            super(name);
        }
    }

    PickleName {
        module = switch (module) { // what Python 2 called them, and pickles of its protocol still do
            case "__builtin__" -> "builtins";
            case "copy_reg" -> "copyreg";
            case String same -> same;
        };
    }

    String full() {
        return module + "." + name;
    }

    /// @throws Refused if nothing of this name is called here
    @Override
    public Object construct(Object[] arguments) {
        String called = full();
        if (DICTIONARIES.contains(called)) {
            return dictionary(arguments);
        }
        if (called.equals("torch.Size") && arguments.length == 1) {
            return arguments[0];
        }
        if (TENSORS.contains(called)) {
            return switch (name) {
                case "_rebuild_parameter", "_rebuild_parameter_with_state" -> arguments[0];
                case "_rebuild_from_type_v2" -> ofType(arguments);
                default -> tensor(arguments);
            };
        }
        if (NUMPY.contains(called)) {
            return numpy(arguments);
        }
        if (called.equals(BYTES) && arguments.length > 0 && arguments[0] instanceof String text) {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }
        if (HARMLESS.contains(called)) {
            return new Placeholder(called);
        }
        throw new Refused(called);
    }

    private Object numpy(Object[] arguments) {
        return switch (name) {
            case "dtype" -> new PickledArray.Type(String.valueOf(arguments[0]));
            case "_reconstruct" -> new PickledArray();
            case "_frombuffer" -> PickledArray.of(arguments);
            default -> PickledArray.scalar(arguments);
        };
    }

    private static Map<Object, Object> dictionary(Object[] arguments) {
        var dictionary = PickleItems.dictionary();
        for (Object argument : arguments) {
            if (argument instanceof List<?> pairs) {
                for (Object pair : pairs) {
                    List<?> both = pair instanceof List<?> list ? list : Arrays.asList((Object[]) pair);
                    dictionary.put(PickleItems.key(both.get(0)), both.get(1));
                }
            }
        }
        return dictionary;
    }

    /// `(function, class, arguments, attributes)`: a tensor of a class of its own.
    private static Object ofType(Object[] arguments) {
        var inner = (PickleName) arguments[0];
        if (inner.name().equals("_rebuild_from_type_v2")) {
            throw new PickleException("a tensor of a class within another");
        }
        return inner.construct((Object[]) arguments[2]);
    }

    /// `(storage, offset, shape, strides, ...)`, with the type of the elements in eighth place in version 3.
    private Object tensor(Object[] arguments) {
        if (!(arguments[0] instanceof TorchStorage storage)) {
            throw new PickleException(name + " of something that is no storage");
        }
        Optional<ElementType> type = storage.type();
        String typeName = storage.typeName();
        if (name.equals("_rebuild_tensor_v3") && arguments[6] instanceof PickleName dtype) {
            type = TorchTypes.ofDtype(dtype.name());
            typeName = dtype.full();
        }
        if (type.isEmpty()) {
            return new Placeholder(Text.format("tensor of %s", typeName));
        }
        return new TorchTensor(storage, type.get(), whole(arguments[1]), wholes(arguments[2]), wholes(arguments[3]));
    }

    private static List<Long> wholes(Object tuple) {
        return Arrays.stream(tuple instanceof List<?> list ? list.toArray() : (Object[]) tuple)
                .map(PickleName::whole)
                .collect(Collectors.toList());
    }

    static long whole(Object number) {
        if (number instanceof Integer || number instanceof Long) {
            return ((Number) number).longValue();
        }
        throw new PickleException("a number where " + number + " stands");
    }
}
