// Products of bfloat16: left operands in registers, right operands from shared memory.

// 16 rows as rows of a right operand, columns `16 pair ..` as its columns.
__device__ __forceinline__ void rightOperand(word (&b)[4], const bf16 *rows, int pair) {
    int lane = threadIdx.x % 32;
    loadTransposed(b, rows + place(lane % 16, pair * 2 + lane / 16));
}

// Rows that a warp holds as left operands: pairs of columns of row `lane / 4` of a strip and of the eighth below it.
template <int M> struct Strips {
    word of[M][STEPS][4];
};

// M strips with their bias, if there is one, zeros from row `end` on. They need no place in shared memory.
template <int M>
__device__ __forceinline__ void loadStrips(
    Strips<M> &strips, bf16 *, const bf16 *tensor, const float *bias, int stride, int first, int end) {
    word(&a)[M][STEPS][4] = strips.of;
    int lane = threadIdx.x % 32;
#pragma unroll
    for (int m = 0; m < M; m++) {
#pragma unroll
        for (int half = 0; half < 2; half++) {
            int row = first + m * STRIP + half * 8 + lane / 4;
            bool inside = row < end;
            const bf16 *at = tensor + (long long)(inside ? row : first) * stride + lane % 4 * 2;
#pragma unroll
            for (int step = 0; step < STEPS; step++) {
                a[m][step][half] = inside ? *(const word *)(at + step * 16) : 0;
                a[m][step][half + 2] = inside && step * 16 + 8 < HEAD ? *(const word *)(at + step * 16 + 8) : 0;
            }
        }
    }
    if (bias) {
#pragma unroll
        for (int step = 0; step < STEPS; step++) {
            const float *at = bias + step * 16 + lane % 4 * 2;
            float2 low = *(const float2 *)at;
            bool both = step * 16 + 8 < HEAD;
            float2 high = both ? *(const float2 *)(at + 8) : float2{0, 0};
#pragma unroll
            for (int m = 0; m < M; m++) {
#pragma unroll
                for (int half = 0; half < 2; half++) {
                    bool inside = first + m * STRIP + half * 8 + lane / 4 < end;
                    a[m][step][half] = inside ? plus(a[m][step][half], low.x, low.y) : 0;
                    a[m][step][half + 2] = inside ? plus(a[m][step][half + 2], high.x, high.y) : 0;
                }
            }
        }
    }
}

// Writes M strips of sums, each row times a factor, 8 N columns or as many as there are. Neighbors trade halves, so that four lanes write
// 32 bytes of a row.
template <int M, int N>
__device__ __forceinline__ void storeStrips(
    bf16 *tensor, int stride, int first, int end, const float (&sums)[M][N][4], const float (&factor)[M][2],
    int columns = HEAD) {
    int lane = threadIdx.x % 32;
    bool odd = lane % 2;
#pragma unroll
    for (int m = 0; m < M; m++) {
#pragma unroll
        for (int half = 0; half < 2; half++) {
            int row = first + m * STRIP + half * 8 + lane / 4;
            bf16 *at = tensor + (long long)row * stride + (odd ? 8 : 0) + lane % 4 / 2 * 4;
            float f = factor[m][half];
#pragma unroll
            for (int n = 0; n < N; n += 2) {
                word even = pack(sums[m][n][2 * half] * f, sums[m][n][2 * half + 1] * f);
                word other = pack(sums[m][n + 1][2 * half] * f, sums[m][n + 1][2 * half + 1] * f);
                word traded = fromLane(odd ? even : other, 1);
                if (row < end && n * 8 + (odd ? 8 : 0) < columns) {
                    *(uint2 *)(at + n * 8) = odd ? uint2{traded, other} : uint2{even, traded};
                }
            }
        }
    }
}

// Scalar products of the rows of M strips of the context and of its gradient.
template <int M>
__device__ __forceinline__ void rowProducts(float (&products)[M][2], const Strips<M> &one, const Strips<M> &other) {
#pragma unroll
    for (int m = 0; m < M; m++) {
#pragma unroll
        for (int half = 0; half < 2; half++) {
            float sum = 0;
#pragma unroll
            for (int step = 0; step < STEPS; step++) {
#pragma unroll
                for (int i = half; i < 4; i += 2) {
                    sum += firstOf(one.of[m][step][i]) * firstOf(other.of[m][step][i]);
                    sum += secondOf(one.of[m][step][i]) * secondOf(other.of[m][step][i]);
                }
            }
            sum += fromLane(sum, 1);
            sum += fromLane(sum, 2);
            products[m][half] = sum;
        }
    }
}

// scores += strips rows^T, for N / 2 strips of rows.
template <int M, int N>
__device__ __forceinline__ void addScores(
    float (&scores)[M][N][4], const Strips<M> &strips, const bf16 *rows) {
#pragma unroll
    for (int step = 0; step < STEPS; step++) {
#pragma unroll
        for (int n = 0; n < N; n += 2) {
            word b[4];
            rightTransposed(b, rows + n * 8 * WIDTH, step);
#pragma unroll
            for (int m = 0; m < M; m++) {
                multiply(scores[m][n], strips.of[m][step], b[0], b[1]);
                multiply(scores[m][n + 1], strips.of[m][step], b[2], b[3]);
            }
        }
    }
}

// sums += weights rows, the weights rounded.
template <int M, int N>
__device__ __forceinline__ void addWeighted(
    float (&sums)[M][COLUMNS][4], const float (&weights)[M][N][4], const bf16 *rows) {
#pragma unroll
    for (int k = 0; k < N; k += 2) {
        word a[M][4];
#pragma unroll
        for (int m = 0; m < M; m++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                a[m][i] = pack(weights[m][k + i / 2][i % 2 * 2], weights[m][k + i / 2][i % 2 * 2 + 1]);
            }
        }
#pragma unroll
        for (int n = 0; n < COLUMNS; n += 2) {
            word b[4];
            rightOperand(b, rows + k * 8 * WIDTH, n / 2);
#pragma unroll
            for (int m = 0; m < M; m++) {
                multiply(sums[m][n], a[m], b[0], b[1]);
                multiply(sums[m][n + 1], a[m], b[2], b[3]);
            }
        }
    }
}
