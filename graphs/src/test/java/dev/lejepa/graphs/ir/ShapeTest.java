package dev.lejepa.graphs.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ShapeTest {
    static Stream<Arguments> broadcasts() {
        return Stream.of(
                Arguments.of(Shape.of(2, 3), Shape.of(3), Shape.of(2, 3)),
                Arguments.of(Shape.of(2, 1, 4), Shape.of(3, 1), Shape.of(2, 3, 4)),
                Arguments.of(Shape.scalar(), Shape.of(5), Shape.of(5)),
                Arguments.of(Shape.batched(1, 3), Shape.of(3), Shape.batched(1, 3)),
                Arguments.of(Shape.batched(1, 3), Shape.of(1, 3), Shape.batched(1, 3)),
                Arguments.of(Shape.batched(4, 3), Shape.batched(4, 1), Shape.batched(4, 3)));
    }

    @ParameterizedTest
    @MethodSource("broadcasts")
    void shapesBroadcastInEitherOrder(Shape a, Shape b, Shape expected) {
        assertEquals(expected, Shape.broadcast(a, b));
        assertEquals(expected, Shape.broadcast(b, a));
    }

    static Stream<Arguments> misfits() {
        return Stream.of(
                Arguments.of(Shape.of(2, 3), Shape.of(2)),
                Arguments.of(Shape.batched(1, 3), Shape.of(8, 3)),
                Arguments.of(Shape.batched(8, 3), Shape.of(8, 3)),
                Arguments.of(Shape.batched(2, 3), Shape.batched(4, 3)),
                Arguments.of(Shape.batched(1, 3), Shape.of(4, 1, 3)));
    }

    @ParameterizedTest
    @MethodSource("misfits")
    void shapesThatDoNotFitAreRefused(Shape a, Shape b) {
        assertThrows(ShapeException.class, () -> Shape.broadcast(a, b));
        assertThrows(ShapeException.class, () -> Shape.broadcast(b, a));
    }

    @Test
    void batchedShapeIsAMultipleOfTheBatch() {
        var s = Shape.batched(257, 384);
        assertEquals("[257 N, 384]", s.toString());
        assertEquals("[N, 3]", Shape.batched(1, 3).toString());
        assertEquals(Shape.of(1028, 384), s.bind(4));
        assertEquals(257 * 384, s.size());
        assertNotEquals(Shape.of(257, 384), s);
        assertEquals(Shape.of(257, 384), Shape.of(257, 384).bind(4));
    }

    @Test
    void negativeAxesCountFromTheEnd() {
        assertEquals(4, Shape.of(2, 3, 4).dim(-1));
        assertEquals(Shape.of(2, 9, 4), Shape.of(2, 3, 4).with(-2, 9));
        var e = assertThrows(ShapeException.class, () -> Shape.of(2, 3).dim(2));
        assertEquals("axis 2 of [2, 3] does not exist", e.getMessage());
    }
}
