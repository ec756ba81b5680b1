// The gradient of the bias: the sums that blocks of the backward pass have left, added up in an order that follows from
// their number alone.

#define SUM_WARPS 16

// Grid: ceil(columns / 32).
extern "C" __global__ void __launch_bounds__(32 * SUM_WARPS) attention_sums(
    const float *__restrict__ parts, float *__restrict__ sums, int rows, int columns) {
    __shared__ float ofWarps[SUM_WARPS][32];
    int lane = threadIdx.x % 32;
    int warp = threadIdx.x / 32;
    int column = blockIdx.x * 32 + lane;
    float sum = 0;
    if (column < columns) {
#pragma unroll 8
        for (int row = warp; row < rows; row += SUM_WARPS) {
            sum += parts[(long long)row * columns + column];
        }
    }
    ofWarps[warp][lane] = sum;
    __syncthreads();
    if (warp == 0 && column < columns) {
        sum = 0;
        for (int i = 0; i < SUM_WARPS; i++) {
            sum += ofWarps[i][lane];
        }
        sums[column] = sum;
    }
}
