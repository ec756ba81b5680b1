// Products of TF32, all operands in shared memory but softmax's weights and the gradients of scores.

// scores += strips rows^T, for N / 2 strips of rows.
template <int M, int N>
__device__ __forceinline__ void addScores(float (&scores)[M][N][4], const Strips<M> &strips, const float *rows) {
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
                multiplyTf32(scores[m][n], a[m], b[0], b[1]);
                multiplyTf32(scores[m][n + 1], a[m], b[2], b[3]);
            }
        }
    }
}

// sums += weights rows, the weights rounded. A lane holds weights of neighboring columns, where a left operand has columns
// `lane % 4` and the fourth after it: so the rows are taken in that order too.
template <int M, int N>
__device__ __forceinline__ void addWeighted(
    float (&sums)[M][COLUMNS][4], const float (&weights)[M][N][4], const float *rows) {
    int lane = threadIdx.x % 32;
#pragma unroll
    for (int k = 0; k < N; k++) {
        word a[M][4];
#pragma unroll
        for (int m = 0; m < M; m++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                a[m][i] = toTf32(weights[m][k][i % 2 * 2 + i / 2]);
            }
        }
#pragma unroll
        for (int n = 0; n < COLUMNS; n++) {
            word b[2];
#pragma unroll
            for (int i = 0; i < 2; i++) {
                int at = place(k * 8 + lane % 4 * 2 + i, n * 2 + lane / 16) + lane / 4 % 4;
                b[i] = *(const word *)(rows + at);
            }
#pragma unroll
            for (int m = 0; m < M; m++) {
                multiplyTf32(sums[m][n], a[m], b[0], b[1]);
            }
        }
    }
}
