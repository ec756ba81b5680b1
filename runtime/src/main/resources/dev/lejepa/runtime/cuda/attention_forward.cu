// The forward pass.

#define FORWARD_STRIPS (KEPT_STRIPS ? KEPT_STRIPS : WIDTH <= 96 ? 2 : 1) // of a warp, as far as its registers go
#define FORWARD_BLOCKS (WIDTH <= 64 ? 3 : 2) // of a processor
#define SLACK 8.0f // of exponents: so far sums may grow before they are scaled

// What rows have seen so far, in units of log2: a bound on their scores, at most SLACK below the largest, and the sum of
// exp2 of the distances to it.
template <int M> struct RunningSoftmax {
    float bound[M][2];
    float sum[M][2];

    __device__ __forceinline__ void clear() {
#pragma unroll
        for (int m = 0; m < M; m++) {
#pragma unroll
            for (int half = 0; half < 2; half++) {
                bound[m][half] = -INFINITY;
                sum[m][half] = 0;
            }
        }
    }
};

// Moves the bounds to the largest scores, and scales what was summed up before.
template <int M, int N>
__device__ __forceinline__ void raiseBounds(
    RunningSoftmax<M> &state, const float (&scores)[M][N][4], float (&sums)[M][COLUMNS][4], float scale) {
#pragma unroll
    for (int m = 0; m < M; m++) {
#pragma unroll
        for (int half = 0; half < 2; half++) {
            float largest = scores[m][0][2 * half];
#pragma unroll
            for (int n = 0; n < N; n++) {
                largest = fmaxf(largest, fmaxf(scores[m][n][2 * half], scores[m][n][2 * half + 1]));
            }
            largest = fmaxf(largest, fromLane(largest, 1));
            largest = fmaxf(largest, fromLane(largest, 2));
            float bound = fmaxf(state.bound[m][half], largest * scale);
            float shrink = power2(state.bound[m][half] - bound);
            state.bound[m][half] = bound;
            state.sum[m][half] *= shrink;
#pragma unroll
            for (int n = 0; n < COLUMNS; n++) {
                sums[m][n][2 * half] *= shrink;
                sums[m][n][2 * half + 1] *= shrink;
            }
        }
    }
}

// Turns scores into exp2 of their distance to the bounds.
template <int M, int N>
__device__ __forceinline__ void weigh(
    RunningSoftmax<M> &state, float (&scores)[M][N][4], float (&sums)[M][COLUMNS][4], float scale) {
    bool above = false;
#pragma unroll
    for (int m = 0; m < M; m++) {
#pragma unroll
        for (int half = 0; half < 2; half++) {
            float largest = scores[m][0][2 * half];
#pragma unroll
            for (int n = 0; n < N; n++) {
                largest = fmaxf(largest, fmaxf(scores[m][n][2 * half], scores[m][n][2 * half + 1]));
            }
            above |= largest * scale > state.bound[m][half] + SLACK;
        }
    }
    if (anyLane(above)) {
        raiseBounds<M, N>(state, scores, sums, scale);
    }
#pragma unroll
    for (int m = 0; m < M; m++) {
#pragma unroll
        for (int n = 0; n < N; n++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                scores[m][n][i] = power2(scores[m][n][i] * scale - state.bound[m][i / 2]);
                state.sum[m][i / 2] += scores[m][n][i];
            }
        }
    }
}

// Adds the keys and values of N / 2 strips; those from the `inside`-th on are none, if LAST.
template <int M, int N, bool LAST>
__device__ __forceinline__ void advance(
    RunningSoftmax<M> &state,
    float (&sums)[M][COLUMNS][4],
    const Strips<M> &queries,
    const element *keys,
    const element *values,
    int inside,
    float scale) {
    float scores[M][N][4];
    fill<M, N>(scores, 0);
    addScores<M, N>(scores, queries, keys);
    if (LAST) {
        maskColumns<M, N>(scores, inside);
    }
    weigh<M, N>(state, scores, sums, scale);
    addWeighted<M, N>(sums, scores, values);
}

__device__ __forceinline__ Chunks keysAndValues(
    const Head &h, element *shared, int size, const element *qkv, const float *bias) {
    Chunks c;
    c.one = shared;
    c.other = shared + size * WIDTH;
    c.oneTensor = qkv + h.part(1);
    c.otherTensor = qkv + h.part(2);
    c.oneBias = h.bias(bias, 1);
    c.otherBias = h.bias(bias, 2);
    c.oneStride = h.qkvStride();
    c.otherStride = h.qkvStride();
    c.tokens = h.tokens;
    c.size = size;
    c.all = size >= h.tokens;
    return c;
}

// Writes M strips of contexts, rows `first` to before `end`, and the logarithms of their denominators.
template <int M>
__device__ __forceinline__ void storeContext(
    const Head &h,
    const RunningSoftmax<M> &state,
    const float (&sums)[M][COLUMNS][4],
    element *context,
    float *logs,
    int first,
    int end) {
    int lane = threadIdx.x % 32;
    float factor[M][2];
#pragma unroll
    for (int m = 0; m < M; m++) {
#pragma unroll
        for (int half = 0; half < 2; half++) {
            float sum = state.sum[m][half];
            sum += fromLane(sum, 1);
            sum += fromLane(sum, 2);
            factor[m][half] = 1 / sum;
            int row = first + m * STRIP + half * 8 + lane / 4;
            if (lane % 4 == 0 && row < end) {
                logs[h.logs() + row] = LN2 * (state.bound[m][half] + log2Of(sum));
            }
        }
    }
    storeStrips<M>(context + h.context(), h.contextStride(), first, end, sums, factor);
}

// Computes M strips of queries, rows `first` to before `end`.
template <int M>
__device__ __forceinline__ void attend(
    const Head &h,
    const Chunks &chunks,
    element *kept,
    const element *qkv,
    const float *bias,
    element *context,
    float *logs,
    int first,
    int end) {
    float scale = LOG2E * rsqrtf((float)HEAD);
    Strips<M> queries;
    loadStrips<M>(queries, kept, qkv + h.part(0), h.bias(bias, 0), h.qkvStride(), first, end);
    RunningSoftmax<M> state;
    float sums[M][COLUMNS][4];
    fill<M, COLUMNS>(sums, 0);
    state.clear();

    for (int at = 0; at < h.tokens; at += chunks.size) {
        if (!chunks.all) {
            chunks.load(at);
        }
        const element *keys = chunks.one;
        const element *values = chunks.other;
        int left = chunks.inside(at);
        for (; left >= 2 * STRIP; left -= 2 * STRIP) {
            advance<M, 4, false>(state, sums, queries, keys, values, left, scale);
            keys += 2 * STRIP * WIDTH;
            values += 2 * STRIP * WIDTH;
        }
        for (; left > 0; left -= STRIP) {
            advance<M, 2, true>(state, sums, queries, keys, values, left, scale);
            keys += STRIP * WIDTH;
            values += STRIP * WIDTH;
        }
    }
    storeContext<M>(h, state, sums, context, logs, first, end);
}

// `bias` may be null. Grid: (parts of the queries, H, N). Shared memory: queries that warps keep, `chunk`
// rows of keys and of values.
extern "C" __global__ void __launch_bounds__(THREADS, FORWARD_BLOCKS) attention(
    const element *__restrict__ qkv,
    const float *__restrict__ bias,
    element *__restrict__ context,
    float *__restrict__ logs,
    int tokens,
    int heads,
    int chunk) {
    extern __shared__ __align__(16) element shared[];
    Head h = thisHead(tokens, heads);
    Chunks chunks = keysAndValues(h, rowsOfBlock(shared, 1), chunk, qkv, bias);
    element *kept = rowsOfWarp(shared, 1);
    Share own = thisWarp(tokens);
    int end = own.from + own.most; // all warps read all chunks
    if (chunks.all) {
        fetchStrips(qkv + h.part(0), h.qkvStride(), own.from * STRIP, min(own.to * STRIP, tokens));
        chunks.load(0);
        end = own.to;
    }
    for (int strip = own.from; strip < end; strip += FORWARD_STRIPS) {
        int after = min(own.to * STRIP, tokens);
        if (strip + FORWARD_STRIPS <= own.to) {
            attend<FORWARD_STRIPS>(h, chunks, kept, qkv, bias, context, logs, strip * STRIP, after);
        } else {
            attend<1>(h, chunks, kept, qkv, bias, context, logs, strip * STRIP, after);
        }
    }
}
