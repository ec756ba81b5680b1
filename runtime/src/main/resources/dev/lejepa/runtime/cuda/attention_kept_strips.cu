// Strips that a warp keeps in shared memory.

template <int M> struct Strips {
    const element *rows;
};

// M strips with their bias, if there is one, zeros from row `end` on.
template <int M>
__device__ __forceinline__ void loadStrips(
    Strips<M> &strips, element *place, const element *tensor, const float *bias, int stride, int first, int end) {
    int lane = threadIdx.x % 32;
    __syncwarp(); // no lane reads the strips before
    loadRows(place, tensor, stride, first, M * STRIP, end, lane, 32);
    awaitCopies();
    complete(place, bias, first, M * STRIP, end, lane, 32);
    __syncwarp();
    strips.rows = place;
}

// Scalar products of the rows of M strips of the context and of its gradient.
template <int M>
__device__ __forceinline__ void rowProducts(float (&products)[M][2], const Strips<M> &one, const Strips<M> &other) {
    int lane = threadIdx.x % 32;
#pragma unroll
    for (int m = 0; m < M; m++) {
#pragma unroll
        for (int half = 0; half < 2; half++) {
            float sum = 0;
            for (int piece = lane % 4; piece < PIECES; piece += 4) {
                int at = place(m * STRIP + half * 8 + lane / 4, piece);
                sum = scalarProduct(*(const Piece *)(one.rows + at), *(const Piece *)(other.rows + at), sum);
            }
            sum += fromLane(sum, 1);
            products[m][half] = sum + fromLane(sum, 2);
        }
    }
}

// Pieces `2 step` and the next of a strip as a left operand.
template <int M>
__device__ __forceinline__ void leftOperand(word (&a)[4], const Strips<M> &strips, int m, int step) {
    leftOperand(a, strips.rows + m * STRIP * WIDTH, step);
}
