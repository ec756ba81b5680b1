package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import org.bytedeco.dnnl.memory;

/// Sizes of an attention, and its cut into pieces of some images and some heads whose scores fit into a core's cache.
///
/// @param n images
/// @param t tokens
/// @param h heads
/// @param d width of a head
/// @param type of queries, keys, values and context; scores are float32
record AttentionShape(long n, long t, long h, long d, DType type) {
    /// Half of what a core's second-level cache holds on the machines of today.
    private static final long SCORE_BYTES = 512 << 10;

    static AttentionShape of(long[] qkv, long heads, DType type) {
        return new AttentionShape(qkv[0], qkv[1], heads, qkv[2] / 3 / heads, type);
    }

    /// Heads of a piece: all, or as few as needed for one image to fit.
    long pieceHeads() {
        var most = Math.clamp(SCORE_BYTES / (t * t * Float.BYTES), 1, h);
        while (h % most != 0) {
            most--;
        }
        return most;
    }

    /// Images of a piece, a divisor of their number.
    long pieceImages() {
        if (pieceHeads() < h) {
            return 1;
        }
        var most = Math.clamp(SCORE_BYTES / (h * t * t * Float.BYTES), 1, Math.max(n / 4, 1));
        while (n % most != 0) {
            most--;
        }
        return most;
    }

    int pieces() {
        return Math.toIntExact(n / pieceImages() * (h / pieceHeads()));
    }

    long firstImage(int piece) {
        return piece / (h / pieceHeads()) * pieceImages();
    }

    long firstHead(int piece) {
        return piece % (h / pieceHeads()) * pieceHeads();
    }

    double scale() {
        return 1 / Math.sqrt(d);
    }

    /// Elements of a piece's scores.
    long scoreElements() {
        return rows() * t;
    }

    /// Queries of a piece.
    long rows() {
        return pieceImages() * pieceHeads() * t;
    }

    /// Bytes from the start of `qkv` to a piece of queries, keys or values (`part` 0, 1, 2).
    long inside(int piece, int part) {
        return type.bytes() * (firstImage(piece) * t * 3 * h * d + part * h * d + firstHead(piece) * d);
    }

    /// Bytes from the start of the context to a piece.
    long outside(int piece) {
        return type.bytes() * (firstImage(piece) * t * h * d + firstHead(piece) * d);
    }

    /// Bytes from the start of the logarithms to a piece.
    long logs(int piece) {
        return Float.BYTES * (firstImage(piece) * h + firstHead(piece)) * t;
    }

    /// Queries, keys or values inside `qkv`, `[.., T, d]`.
    memory.desc part() {
        return layout(type, t, d, 3 * h * d * t, d, 3 * h * d, 1);
    }

    /// The same, transposed: `[.., d, T]`.
    memory.desc partTransposed() {
        return layout(type, d, t, 3 * h * d * t, d, 1, 3 * h * d);
    }

    /// The context or its gradient, `[.., T, d]`.
    memory.desc context() {
        return layout(type, t, d, h * d * t, d, h * d, 1);
    }

    /// Scores of a piece, `[.., T, T]`, without gaps.
    memory.desc scores() {
        return layout(DType.FLOAT32, t, t, pieceHeads() * t * t, t * t, t, 1);
    }

    /// Softmax's weights of a piece, `[.., T, T]`, as products read them.
    memory.desc weights() {
        return layout(type, t, t, pieceHeads() * t * t, t * t, t, 1);
    }

    memory.desc weightsTransposed() {
        return layout(type, t, t, pieceHeads() * t * t, t * t, 1, t);
    }

    /// Scores of a piece as rows.
    memory.desc scoreRows() {
        return OneDnn.matrix(rows(), t, t, 1);
    }

    private memory.desc layout(DType element, long rows, long columns, long image, long head, long row, long column) {
        return OneDnn.layout(
                element, new long[] {pieceImages(), pieceHeads(), rows, columns}, new long[] {image, head, row, column
                });
    }
}
