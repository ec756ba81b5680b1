// Left operands in registers, right operands from shared memory, and their products.

// 16 rows, from a multiple of 16 on, as columns of a right operand, columns `16 step ..` as its rows: for products with
// the transpose.
__device__ __forceinline__ void rightTransposed(word (&b)[4], const bf16 *rows, int step) {
    int lane = threadIdx.x % 32;
    loadMatrices(b, rows + place(lane % 8 + lane / 16 * 8, step * 2 + lane / 8 % 2));
}

// 16 rows as rows of a right operand, columns `16 pair ..` as its columns.
__device__ __forceinline__ void rightOperand(word (&b)[4], const bf16 *rows, int pair) {
    int lane = threadIdx.x % 32;
    loadTransposed(b, rows + place(lane % 16, pair * 2 + lane / 16));
}

// ---- rows in registers: a lane holds pairs of columns of row `lane / 4` of a strip and of the eighth below it

// Lets a warp's strips come nearer while it waits for shared memory.
__device__ __forceinline__ void fetchStrips(const bf16 *tensor, int stride, int first, int end) {
    for (int row = first + threadIdx.x % 32; row < end; row += 32) {
#pragma unroll
        for (int column = 0; column < WIDTH; column += 64) {
            fetchAhead(tensor + (long long)row * stride + column);
        }
    }
}

// M strips as left operands with their bias, if there is one, zeros from row `end` on.
template <int M>
__device__ __forceinline__ void loadStrips(
    word (&a)[M][STEPS][4], const bf16 *tensor, const float *bias, int stride, int first, int end) {
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
                a[m][step][half + 2] = inside ? *(const word *)(at + step * 16 + 8) : 0;
            }
        }
    }
    if (bias) {
#pragma unroll
        for (int step = 0; step < STEPS; step++) {
            const float *at = bias + step * 16 + lane % 4 * 2;
            float2 low = *(const float2 *)at;
            float2 high = *(const float2 *)(at + 8);
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

// Writes M strips of sums, 8 N columns wide, each row times a factor. Neighbors trade halves, so that four lanes write
// 32 bytes of a row.
template <int M, int N>
__device__ __forceinline__ void storeStrips(
    bf16 *tensor, int stride, int first, int end, const float (&sums)[M][N][4], const float (&factor)[M][2]) {
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
                if (row < end) {
                    *(uint2 *)(at + n * 8) = odd ? uint2{traded, other} : uint2{even, traded};
                }
            }
        }
    }
}

// The sum over the eight lanes that hold the same columns.
__device__ __forceinline__ float overRows(float x) {
    x += fromLane(x, 4);
    x += fromLane(x, 8);
    return x + fromLane(x, 16);
}

// Sums of columns over the rows that a warp has made. Lane `4 r + c` holds columns `2 c` and `2 c + 1` of the units of 8
// whose number is `r` modulo 8.
struct ColumnSums {
    float of[(COLUMNS + 7) / 8][2];

    __device__ __forceinline__ void clear() {
#pragma unroll
        for (int i = 0; i < (COLUMNS + 7) / 8; i++) {
            of[i][0] = of[i][1] = 0;
        }
    }

    // Adds M strips of sums, rows `first` to before `end`.
    template <int M> __device__ __forceinline__ void add(const float (&sums)[M][COLUMNS][4], int first, int end) {
        int lane = threadIdx.x % 32;
#pragma unroll
        for (int n = 0; n < COLUMNS; n++) {
#pragma unroll
            for (int i = 0; i < 2; i++) {
                float sum = 0;
#pragma unroll
                for (int m = 0; m < M; m++) {
#pragma unroll
                    for (int half = 0; half < 2; half++) {
                        bool inside = first + m * STRIP + half * 8 + lane / 4 < end;
                        sum += inside ? sums[m][n][2 * half + i] : 0;
                    }
                }
                sum = overRows(sum);
                of[n / 8][i] += lane / 4 == n % 8 ? sum : 0;
            }
        }
    }

    // Puts the sums of a warp into a row of shared memory.
    __device__ __forceinline__ void put(float *row) const {
        int lane = threadIdx.x % 32;
#pragma unroll
        for (int i = 0; i < (COLUMNS + 7) / 8; i++) {
            int unit = i * 8 + lane / 4;
            if (unit < COLUMNS) {
                *(float2 *)(row + unit * 8 + lane % 4 * 2) = float2{of[i][0], of[i][1]};
            }
        }
    }
};

// Writes the sums of rows of shared memory, `stride` apart, times a factor. For all warps of a block at once.
__device__ __forceinline__ void storeSums(
    float *sums, const float *rows, int stride, int count, float factor, int threads) {
    for (int column = threadIdx.x; column < WIDTH; column += threads) {
        float sum = 0;
        for (int row = 0; row < count; row++) {
            sum += rows[row * stride + column];
        }
        sums[column] = sum * factor;
    }
}

template <int M, int N> __device__ __forceinline__ void fill(float (&sums)[M][N][4], float value) {
#pragma unroll
    for (int m = 0; m < M; m++) {
#pragma unroll
        for (int n = 0; n < N; n++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                sums[m][n][i] = value;
            }
        }
    }
}

// ---- products

// scores += strips rows^T, for N / 2 strips of rows.
template <int M, int N>
__device__ __forceinline__ void addScores(
    float (&scores)[M][N][4], const word (&strips)[M][STEPS][4], const bf16 *rows) {
#pragma unroll
    for (int step = 0; step < STEPS; step++) {
#pragma unroll
        for (int n = 0; n < N; n += 2) {
            word b[4];
            rightTransposed(b, rows + n * 8 * WIDTH, step);
#pragma unroll
            for (int m = 0; m < M; m++) {
                multiply(scores[m][n], strips[m][step], b[0], b[1]);
                multiply(scores[m][n + 1], strips[m][step], b[2], b[3]);
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

// Columns from the `inside`-th on, which no token stands for, get the score `-INFINITY`.
template <int M, int N> __device__ __forceinline__ void maskColumns(float (&scores)[M][N][4], int inside) {
    int column = threadIdx.x % 4 * 2;
#pragma unroll
    for (int m = 0; m < M; m++) {
#pragma unroll
        for (int n = 0; n < N; n++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                scores[m][n][i] = column + n * 8 + i % 2 < inside ? scores[m][n][i] : -INFINITY;
            }
        }
    }
}
