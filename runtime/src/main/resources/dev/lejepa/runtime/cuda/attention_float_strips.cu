// Strips of floats, which a warp keeps in shared memory.

template <int M> struct Strips {
    const float *rows;
};

// M strips with their bias, if there is one, zeros from row `end` on.
template <int M>
__device__ __forceinline__ void loadStrips(
    Strips<M> &strips, float *place, const float *tensor, const float *bias, int stride, int first, int end) {
    int lane = threadIdx.x % 32;
    __syncwarp(); // no lane reads the strips before
    loadRows(place, tensor, stride, first, M * STRIP, end, lane, 32);
    awaitCopies();
    complete(place, bias, first, M * STRIP, end, lane, 32);
    __syncwarp();
    strips.rows = place;
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
            float *at = tensor + (long long)row * stride + lane % 4 * 2;
            float f = factor[m][half];
            if (row < end) {
#pragma unroll
                for (int n = 0; n < HEAD / 8; n++) {
                    *(float2 *)(at + n * 8) = float2{sums[m][n][2 * half] * f, sums[m][n][2 * half + 1] * f};
                }
            }
        }
    }
}

__device__ __forceinline__ float scalarProduct(float4 one, float4 other, float sum) {
    sum += one.x * other.x;
    sum += one.y * other.y;
    sum += one.z * other.z;
    return sum + one.w * other.w;
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
                sum = scalarProduct(*(const float4 *)(one.rows + at), *(const float4 *)(other.rows + at), sum);
            }
            sum += fromLane(sum, 1);
            products[m][half] = sum + fromLane(sum, 2);
        }
    }
}
