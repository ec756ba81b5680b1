package dev.lejepa.graphs.weights;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;
import org.jspecify.annotations.Nullable;

/// Reads pickles of tensors, and of nothing that is more than data. The library's own unpickler reads numbers, texts,
/// tuples and its memory of them; everything that names a class, calls it or gives it a state is done here instead: the
/// library looks for classes in a list that the whole process shares and calls methods by reflection, and it forgets the
/// order of dictionaries.
final class TensorUnpickler extends Unpickler {
    private static final int FOUR_BYTES = 4;

    private final Map<String, TorchStorage> storages = new HashMap<>();

    /// Every storage that has been named, by its key.
    Map<String, TorchStorage> storages() {
        return Collections.unmodifiableMap(storages);
    }

    /// What the next pickle of a stream holds: maps, lists, tuples (as arrays), numbers, texts, [TorchTensor]s and
    /// [PickleName.Placeholder]s.
    ///
    /// @param bytes supports marks, and knows how many bytes are left
    /// @throws PickleName.Refused if it calls what is not known here
    /// @throws PickleException if it is damaged
    @Override
    public Object load(InputStream bytes) throws IOException {
        try {
            return super.load(bytes);
        } catch (ClassCastException
                | IndexOutOfBoundsException
                | NegativeArraySizeException
                | IllegalArgumentException
                | NullPointerException e) {
            throw new PickleException("it is no sequence that Python writes", e);
        }
    }

    @Override
    protected Object dispatch(short key) throws IOException {
        switch (key) {
            case Opcodes.GLOBAL -> stack.add(new PickleName(PickleUtils.readline(input), PickleUtils.readline(input)));
            case Opcodes.STACK_GLOBAL -> {
                String name = (String) stack.pop();
                stack.add(new PickleName((String) stack.pop(), name));
            }
            case Opcodes.INST -> {
                var called = new PickleName(PickleUtils.readline(input), PickleUtils.readline(input));
                stack.add(called.construct(stack.pop_all_since_marker().toArray()));
            }
            case Opcodes.NEWOBJ -> {
                stack.pop();
                stack.add(instance((PickleName) stack.pop()));
            }
            case Opcodes.NEWOBJ_EX -> {
                stack.pop();
                stack.pop();
                stack.add(instance((PickleName) stack.pop()));
            }
            case Opcodes.BUILD -> build(stack.pop());
            case Opcodes.EMPTY_DICT -> stack.add(PickleItems.dictionary());
            case Opcodes.DICT -> stack.add(PickleItems.dictionary(stack.pop_all_since_marker()));
            case Opcodes.SETITEM -> {
                Object value = stack.pop();
                Object itsKey = stack.pop();
                var item = new ArrayList<>();
                item.add(itsKey);
                item.add(value);
                PickleItems.putAll(stack.peek(), item);
            }
            case Opcodes.SETITEMS -> {
                List<Object> items = stack.pop_all_since_marker();
                PickleItems.putAll(stack.peek(), items);
            }
            case Opcodes.APPEND -> {
                var item = new ArrayList<>();
                item.add(stack.pop());
                PickleItems.addAll(stack.peek(), item);
            }
            case Opcodes.APPENDS -> {
                List<Object> items = stack.pop_all_since_marker();
                PickleItems.addAll(stack.peek(), items);
            }
            case Opcodes.EMPTY_SET -> stack.add(new PickleName.Placeholder("builtins.set"));
            case Opcodes.FROZENSET, Opcodes.ADDITEMS -> {
                stack.pop_all_since_marker();
                if (key == Opcodes.FROZENSET) {
                    stack.add(new PickleName.Placeholder("builtins.frozenset"));
                }
            }
            case Opcodes.BINUNICODE, Opcodes.BINSTRING, Opcodes.BINBYTES, Opcodes.LONG4 -> {
                requireBytes(FOUR_BYTES);
                return super.dispatch(key);
            }
            case Opcodes.BINUNICODE8, Opcodes.BINBYTES8, Opcodes.BYTEARRAY8 -> {
                requireBytes(Long.BYTES);
                return super.dispatch(key);
            }
            default -> {
                return super.dispatch(key); // numbers, short texts, tuples, the memory; REDUCE and OBJ call PickleName
            }
        }
        return NO_RETURN_VALUE;
    }

    /// Gives the object on top of the stack its state. That of others than arrays is not needed: a state dict has its
    /// versions there.
    private void build(@Nullable Object state) {
        Object target = stack.peek();
        if (target instanceof PickledArray array) {
            array.build(state);
        } else if (target instanceof PickledArray.Type type) {
            type.build(state);
        }
    }

    /// An object made without calling its class. Only dictionaries are what they say.
    private static Object instance(PickleName type) {
        return type.full().equals("collections.OrderedDict")
                ? PickleItems.dictionary()
                : new PickleName.Placeholder(type.full());
    }

    /// Refuses a text or number longer than the rest of the stream, before memory is taken for it.
    private void requireBytes(int lengthBytes) throws IOException {
        input.mark(lengthBytes);
        byte[] little = input.readNBytes(lengthBytes);
        input.reset();
        long length = 0;
        for (int i = little.length - 1; i >= 0; i--) {
            length = length << Byte.SIZE | little[i] & 0xff;
        }
        if (length < 0 || length > input.available()) {
            throw new PickleException("cut off inside a text or number of " + length + " bytes");
        }
    }

    /// `('storage', class, key, device, elements)`, and in old files the part of another storage that it is.
    @Override
    protected Object persistentLoad(Object id) {
        if (!(id instanceof Object[] parts)
                || parts.length < 5
                || !"storage".equals(parts[0])
                || !(parts[1] instanceof PickleName type)
                || !TorchTypes.isStorage(type.module(), type.name())) {
            throw new PickleException("it names something outside that is no storage of torch");
        }
        String key = parts[2].toString();
        long begin = 0;
        long elements = PickleName.whole(parts[4]);
        if (parts.length > 5 && parts[5] instanceof Object[] view) {
            begin = PickleName.whole(view[1]);
            elements = PickleName.whole(view[2]);
        }
        var storage = new TorchStorage(key, TorchTypes.ofStorage(type.name()), type.full(), begin, elements);
        storages.put(key, storage);
        return storage;
    }
}
