// Products of floats: a lane computes the elements of a result that it holds, and reads all it needs of the operands.

// scores += strips rows^T, for N / 2 strips of rows.
template <int M, int N>
__device__ __forceinline__ void addScores(float (&scores)[M][N][4], const Strips<M> &strips, const float *rows) {
    int lane = threadIdx.x % 32;
#pragma unroll 2 // more code than that would not stay in the processor's cache
    for (int piece = 0; piece < PIECES; piece++) {
        float4 own[M][2];
#pragma unroll
        for (int m = 0; m < M; m++) {
#pragma unroll
            for (int half = 0; half < 2; half++) {
                own[m][half] = *(const float4 *)(strips.rows + place(m * STRIP + half * 8 + lane / 4, piece));
            }
        }
#pragma unroll
        for (int n = 0; n < N; n++) {
#pragma unroll
            for (int i = 0; i < 2; i++) {
                float4 other = *(const float4 *)(rows + place(n * 8 + lane % 4 * 2 + i, piece));
#pragma unroll
                for (int m = 0; m < M; m++) {
#pragma unroll
                    for (int half = 0; half < 2; half++) {
                        float &score = scores[m][n][2 * half + i];
                        score = scalarProduct(own[m][half], other, score);
                    }
                }
            }
        }
    }
}

// sums += weights rows. Lanes give each other the weights of the rows of results that they share.
template <int M, int N>
__device__ __forceinline__ void addWeighted(
    float (&sums)[M][COLUMNS][4], const float (&weights)[M][N][4], const float *rows) {
    int lane = threadIdx.x % 32;
#pragma unroll 1
    for (int holder = 0; holder < 4; holder++) { // of two neighboring columns of each 8
#pragma unroll
        for (int k = 0; k < N * 2; k++) {
            float weight[M][2];
#pragma unroll
            for (int m = 0; m < M; m++) {
#pragma unroll
                for (int half = 0; half < 2; half++) {
                    weight[m][half] = fromQuad(weights[m][k / 2][2 * half + k % 2], holder);
                }
            }
            int row = k / 2 * 8 + holder * 2 + k % 2;
#pragma unroll
            for (int n = 0; n < COLUMNS; n++) {
                float2 x = *(const float2 *)(rows + place(row, n * 2 + lane % 4 / 2) + lane % 2 * 2);
#pragma unroll
                for (int m = 0; m < M; m++) {
#pragma unroll
                    for (int half = 0; half < 2; half++) {
                        sums[m][n][2 * half] += weight[m][half] * x.x;
                        sums[m][n][2 * half + 1] += weight[m][half] * x.y;
                    }
                }
            }
        }
    }
}
