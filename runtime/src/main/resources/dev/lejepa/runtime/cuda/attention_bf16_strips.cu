// Strips of bfloat16, which a warp holds in registers as left operands.

// Two neighbors of a row, as many of them as there are, and zeros.
__device__ __forceinline__ word pairAt(const bf16 *at, int count) {
    if (HEAD % 2) {
        word first = count > 0 ? at[0] : 0;
        word second = count > 1 ? at[1] : 0;
        return first | second << 16;
    }
    return count > 0 ? *(const word *)at : 0;
}

__device__ __forceinline__ float2 pairAt(const float *at, int count) {
    if (HEAD % 2) {
        return float2{count > 0 ? at[0] : 0, count > 1 ? at[1] : 0};
    }
    return count > 0 ? *(const float2 *)at : float2{0, 0};
}

// Pairs of columns of row `lane / 4` of a strip and of the eighth below it.
template <int M> struct Strips {
    word of[M][STEPS][4];
};

// M strips with their bias, if there is one, zeros from row `end` on. They need no place in shared memory.
template <int M>
__device__ __forceinline__ void loadStrips(
    Strips<M> &strips, bf16 *, const bf16 *tensor, const float *bias, int stride, int first, int end) {
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
#pragma unroll
                for (int i = 0; i < 2; i++) {
                    int unit = step * 16 + i * 8;
                    int count = columnsFrom(unit, lane % 4 * 2, HEAD);
                    strips.of[m][step][half + 2 * i] = inside ? pairAt(at + unit, count) : 0;
                }
            }
        }
    }
    if (bias) {
#pragma unroll
        for (int step = 0; step < STEPS; step++) {
#pragma unroll
            for (int i = 0; i < 2; i++) {
                int unit = step * 16 + i * 8;
                int within = lane % 4 * 2;
                float2 two = pairAt(bias + unit + within, columnsFrom(unit, within, HEAD));
                float b[2] = {two.x, two.y};
#pragma unroll
                for (int m = 0; m < M; m++) {
#pragma unroll
                    for (int half = 0; half < 2; half++) {
                        bool inside = first + m * STRIP + half * 8 + lane / 4 < end;
                        word &x = strips.of[m][step][half + 2 * i];
                        x = inside ? completed(x, b) : 0;
                    }
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
                    sum = scalarProduct(one.of[m][step][i], other.of[m][step][i], sum);
                }
            }
            sum += fromLane(sum, 1);
            sum += fromLane(sum, 2);
            products[m][half] = sum;
        }
    }
}

// Columns `16 step ..` of a strip as a left operand.
template <int M>
__device__ __forceinline__ void leftOperand(word (&a)[4], const Strips<M> &strips, int m, int step) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
        a[i] = strips.of[m][step][i];
    }
}
