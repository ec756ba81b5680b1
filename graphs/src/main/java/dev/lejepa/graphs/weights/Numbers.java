package dev.lejepa.graphs.weights;

import dev.lejepa.graphs.safetensors.ElementType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// How stored elements of one type become float32 and int64.
sealed interface Numbers {
    /// The number whose bytes begin at `at`, rounded to the nearest float32.
    float number(MemorySegment data, long at);

    /// The same as a whole number.
    default long whole(MemorySegment data, long at) {
        return (long) number(data, at);
    }

    static Numbers of(ElementType type, ByteOrder order) {
        var twos = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
        var fours = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
        var eights = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
        return switch (type) {
            case F64 -> new Doubles(eights);
            case F32 -> new Singles(fours);
            case F16 -> new Halves(twos);
            case BF16 -> new Brains(twos);
            case F8_E5M2 -> new Eighths(5);
            case F8_E4M3 -> new Eighths(4);
            case I64 -> new Longs(eights, true);
            case U64 -> new Longs(eights, false);
            case I32 -> new Ints(fours, true);
            case U32 -> new Ints(fours, false);
            case I16 -> new Shorts(twos, true);
            case U16 -> new Shorts(twos, false);
            case I8 -> new Bytes(true);
            case U8 -> new Bytes(false);
            case BOOL -> new Truths();
        };
    }

    record Doubles(ValueLayout.OfLong bits) implements Numbers {
        @Override
        public float number(MemorySegment data, long at) {
            return (float) Double.longBitsToDouble(data.get(bits, at));
        }

        @Override
        public long whole(MemorySegment data, long at) {
            return (long) Double.longBitsToDouble(data.get(bits, at));
        }
    }

    record Singles(ValueLayout.OfInt bits) implements Numbers {
        @Override
        public float number(MemorySegment data, long at) {
            return Float.intBitsToFloat(data.get(bits, at));
        }
    }

    record Halves(ValueLayout.OfShort bits) implements Numbers {
        @Override
        public float number(MemorySegment data, long at) {
            return Float.float16ToFloat(data.get(bits, at));
        }
    }

    /// bfloat16: the upper half of a float32.
    record Brains(ValueLayout.OfShort bits) implements Numbers {
        @Override
        public float number(MemorySegment data, long at) {
            return Float.intBitsToFloat(data.get(bits, at) << Short.SIZE);
        }
    }

    /// Floats of eight bits. With four bits of exponent there are no infinities, and only the largest pattern is no
    /// number; with five bits they are the upper half of a float16.
    record Eighths(int exponentBits) implements Numbers {
        @Override
        public float number(MemorySegment data, long at) {
            int bits = data.get(ValueLayout.JAVA_BYTE, at);
            if (exponentBits == 5) {
                return Float.float16ToFloat((short) (bits << Byte.SIZE));
            }
            int magnitude = bits & 0x7f;
            int mantissa = magnitude & 7;
            int exponent = magnitude >> 3;
            float value;
            if (magnitude == 0x7f) {
                value = Float.NaN;
            } else if (exponent == 0) {
                value = Math.scalb((float) mantissa, -9);
            } else {
                value = Math.scalb((float) (8 + mantissa), exponent - 10);
            }
            return bits < 0 ? -value : value;
        }
    }

    record Longs(ValueLayout.OfLong bits, boolean signed) implements Numbers {
        @Override
        public float number(MemorySegment data, long at) {
            long value = data.get(bits, at);
            // Half of an unsigned number keeps, in its lowest bit, on which side of a middle it lies.
            return signed || value >= 0 ? value : 2f * ((value >>> 1) | (value & 1));
        }

        @Override
        public long whole(MemorySegment data, long at) {
            return data.get(bits, at);
        }
    }

    record Ints(ValueLayout.OfInt bits, boolean signed) implements Numbers {
        @Override
        public float number(MemorySegment data, long at) {
            return whole(data, at);
        }

        @Override
        public long whole(MemorySegment data, long at) {
            int value = data.get(bits, at);
            return signed ? value : Integer.toUnsignedLong(value);
        }
    }

    record Shorts(ValueLayout.OfShort bits, boolean signed) implements Numbers {
        @Override
        public float number(MemorySegment data, long at) {
            short value = data.get(bits, at);
            return signed ? value : Short.toUnsignedInt(value);
        }
    }

    record Bytes(boolean signed) implements Numbers {
        @Override
        public float number(MemorySegment data, long at) {
            byte value = data.get(ValueLayout.JAVA_BYTE, at);
            return signed ? value : Byte.toUnsignedInt(value);
        }
    }

    record Truths() implements Numbers {
        @Override
        public float number(MemorySegment data, long at) {
            return data.get(ValueLayout.JAVA_BYTE, at) == 0 ? 0 : 1;
        }
    }
}
