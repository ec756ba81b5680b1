// Products of bfloat16: left operands as a warp keeps them, right operands from shared memory.

// 16 rows as rows of a right operand, columns `16 pair ..` as its columns.
__device__ __forceinline__ void rightOperand(word (&b)[4], const bf16 *rows, int pair) {
    int lane = threadIdx.x % 32;
    loadTransposed(b, rows + place(lane % 16, pair * 2 + lane / 16));
}

// Writes four neighbors, as many of them as there are.
__device__ __forceinline__ void storeFour(bf16 *at, word first, word second, int count) {
    if (HEAD % 4 == 0) {
        if (count > 0) {
            *(uint2 *)at = uint2{first, second};
        }
        return;
    }
    word pairs[2] = {first, second};
#pragma unroll
    for (int i = 0; i < 2; i++) {
        if (HEAD % 2 == 0 && count > 2 * i) {
            *(word *)(at + 2 * i) = pairs[i];
        }
        if (HEAD % 2 && count > 2 * i) {
            at[2 * i] = (bf16)pairs[i];
        }
        if (HEAD % 2 && count > 2 * i + 1) {
            at[2 * i + 1] = (bf16)(pairs[i] >> 16);
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
            int unit = odd ? 8 : 0;
            int within = lane % 4 / 2 * 4;
            bf16 *at = tensor + (long long)row * stride + unit + within;
            float f = factor[m][half];
#pragma unroll
            for (int n = 0; n < N; n += 2) {
                word even = pack(sums[m][n][2 * half] * f, sums[m][n][2 * half + 1] * f);
                word other = pack(sums[m][n + 1][2 * half] * f, sums[m][n + 1][2 * half + 1] * f);
                word traded = fromLane(odd ? even : other, 1);
                if (row < end) {
                    int count = columnsFrom(n * 8 + unit, within, columns);
                    storeFour(at + n * 8, odd ? traded : even, odd ? other : traded, count);
                }
            }
        }
    }
}

// scores += strips rows^T, for N / 2 strips of rows.
template <int M, int N>
__device__ __forceinline__ void addScores(
    float (&scores)[M][N][4], const Strips<M> &strips, const bf16 *rows) {
#pragma unroll STEPS_AT_ONCE
    for (int step = 0; step < STEPS; step++) {
        word a[M][4];
#pragma unroll
        for (int m = 0; m < M; m++) {
            leftOperand<M>(a[m], strips, m, step);
        }
#pragma unroll
        for (int n = 0; n < N; n += 2) {
            word b[4];
            rightTransposed(b, rows + n * 8 * WIDTH, step);
#pragma unroll
            for (int m = 0; m < M; m++) {
                multiply(scores[m][n], a[m], b[0], b[1]);
                multiply(scores[m][n + 1], a[m], b[2], b[3]);
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
