package dev.lejepa.runtime.cudart;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Descriptors of cuDNN that live together: each refers to others.
final class CudnnDescriptors implements AutoCloseable {
    // cudnnBackendAttributeType_t
    static final int HANDLE = 0;
    static final int DATA_TYPE = 1;
    static final int INT64 = 3;
    static final int FLOAT = 4;
    static final int POINTER = 6;
    static final int CONVOLUTION_MODE = 7;
    static final int HEURISTICS_MODE = 8;
    static final int NUMERICAL_NOTE = 11;
    static final int DESCRIPTOR = 15;
    static final int CHARACTER = 24;

    private final Cudnn library;
    private final List<Long> open = new ArrayList<>();

    CudnnDescriptors(Cudnn library) {
        this.library = library;
    }

    /// A new one.
    ///
    /// @param kind of `cudnnBackendDescriptorType_t`
    Descriptor make(int kind) {
        var address = library.create(kind);
        open.add(address);
        return new Descriptor(address);
    }

    /// One of them.
    final class Descriptor {
        private final long address;

        private Descriptor(long address) {
            this.address = address;
        }

        long address() {
            return address;
        }

        /// Sets an attribute to whole numbers of 64 bits, or to addresses.
        Descriptor with(int attribute, int type, long... elements) {
            try (var arena = Arena.ofConfined()) {
                library.set(address, attribute, type, elements.length, arena.allocateFrom(JAVA_LONG, elements));
            }
            return this;
        }

        /// Sets an attribute to other descriptors.
        Descriptor with(int attribute, Descriptor... others) {
            var addresses = List.of(others).stream().mapToLong(d -> d.address).toArray();
            return with(attribute, DESCRIPTOR, addresses);
        }

        /// Sets an attribute to a constant of an enumeration.
        Descriptor withConstant(int attribute, int type, int number) {
            try (var arena = Arena.ofConfined()) {
                library.set(address, attribute, type, 1, arena.allocateFrom(JAVA_INT, number));
            }
            return this;
        }

        Descriptor withFloat(int attribute, float number) {
            try (var arena = Arena.ofConfined()) {
                library.set(address, attribute, FLOAT, 1, arena.allocateFrom(JAVA_FLOAT, number));
            }
            return this;
        }

        Descriptor withText(int attribute, String text) {
            try (var arena = Arena.ofConfined()) {
                var bytes = arena.allocateFrom(text);
                library.set(address, attribute, CHARACTER, bytes.byteSize() - 1, bytes);
            }
            return this;
        }

        /// Says that all attributes are set.
        ///
        /// @throws CudaException if cuDNN does not know how to compute what they say
        Descriptor complete() {
            library.complete(address);
            return this;
        }

        /// How many elements an attribute has.
        int count(int attribute, int type) {
            return Math.toIntExact(library.get(address, attribute, type, 0, MemorySegment.NULL));
        }

        long number(int attribute) {
            try (var arena = Arena.ofConfined()) {
                var out = arena.allocate(JAVA_LONG);
                library.get(address, attribute, INT64, 1, out);
                return out.get(JAVA_LONG, 0);
            }
        }

        /// An attribute that is a list of constants.
        List<Integer> constants(int attribute, int type, int most) {
            try (var arena = Arena.ofConfined()) {
                var out = arena.allocate(JAVA_INT, most);
                var count = library.get(address, attribute, type, most, out);
                return IntStream.range(0, Math.toIntExact(count))
                        .mapToObj(i -> out.getAtIndex(JAVA_INT, i))
                        .toList();
            }
        }

        /// An attribute that is a list of descriptors, which cuDNN writes to new ones.
        List<Descriptor> descriptors(int attribute, int kind, int most) {
            var found = IntStream.range(0, most).mapToObj(_ -> make(kind)).toList();
            try (var arena = Arena.ofConfined()) {
                var addresses = found.stream().mapToLong(Descriptor::address).toArray();
                var count = library.get(address, attribute, DESCRIPTOR, most, arena.allocateFrom(JAVA_LONG, addresses));
                return found.subList(0, Math.toIntExact(count));
            }
        }
    }

    @Override
    public void close() {
        open.reversed().forEach(library::destroy);
        open.clear();
    }
}
