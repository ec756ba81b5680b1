// What a warp holds in registers, whatever its elements are. Sums of 16 x 8 have the layout of mma's: a lane holds pairs of
// columns, `2 (lane % 4)` and the next, of row `lane / 4` of a strip and of the eighth below it.

// Lets a warp's strips come nearer while it waits for shared memory.
__device__ __forceinline__ void fetchStrips(const element *tensor, int stride, int first, int end) {
    for (int row = first + threadIdx.x % 32; row < end; row += 32) {
#pragma unroll
        for (int column = 0; column < HEAD; column += 8 * PIECE) {
            fetchAhead(tensor + (long long)row * stride + column);
        }
    }
}

// 16 rows, from a multiple of 16 on, as columns of a right operand, two pieces of each, from piece `2 step` on, as its
// rows: for products with the transpose.
__device__ __forceinline__ void rightTransposed(word (&b)[4], const element *rows, int step) {
    int lane = threadIdx.x % 32;
    loadMatrices(b, rows + place(lane % 8 + lane / 16 * 8, step * 2 + lane / 8 % 2));
}

// 16 rows as a left operand, pieces `2 step` and the next as its columns.
__device__ __forceinline__ void leftOperand(word (&a)[4], const element *rows, int step) {
    int lane = threadIdx.x % 32;
    loadMatrices(a, rows + place(lane % 16, step * 2 + lane / 16));
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
    for (int column = threadIdx.x; column < HEAD; column += threads) {
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
