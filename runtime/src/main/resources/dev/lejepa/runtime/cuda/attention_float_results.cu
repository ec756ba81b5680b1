// Results of attention on floats.

// Writes two neighbors, as many of them as there are.
__device__ __forceinline__ void storePair(float *at, float first, float second, int count) {
    if (HEAD % 2 == 0) {
        if (count > 0) {
            *(float2 *)at = float2{first, second};
        }
        return;
    }
    if (count > 0) {
        at[0] = first;
    }
    if (count > 1) {
        at[1] = second;
    }
}

// Writes M strips of sums, as wide as a head, each row times a factor.
template <int M, int N>
__device__ __forceinline__ void storeStrips(
    float *tensor, int stride, int first, int end, const float (&sums)[M][N][4], const float (&factor)[M][2]) {
    int lane = threadIdx.x % 32;
#pragma unroll
    for (int m = 0; m < M; m++) {
#pragma unroll
        for (int half = 0; half < 2; half++) {
            int row = first + m * STRIP + half * 8 + lane / 4;
            int within = lane % 4 * 2;
            float *at = tensor + (long long)row * stride + within;
            float f = factor[m][half];
            if (row < end) {
#pragma unroll
                for (int n = 0; n < COLUMNS; n++) {
                    int count = columnsFrom(n * 8, within, HEAD);
                    storePair(at + n * 8, sums[m][n][2 * half] * f, sums[m][n][2 * half + 1] * f, count);
                }
            }
        }
    }
}
