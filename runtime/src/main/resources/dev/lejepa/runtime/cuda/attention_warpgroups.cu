// The forward pass on sm_90 for heads whose rows are multiples of 128 bytes: four warps multiply 64 queries, which they keep in
// registers, with 64 keys in shared memory at a time. What lies between two products is that of other devices.

#define TOGETHER (4 * STRIP) // queries
#define EIGHT_ROWS (8 * WIDTH * (int)sizeof(element)) // bytes
#define EIGHT_PARTS (8 * 128)                         // of them: 128 bytes of each

// Strips of keys as the columns of a right operand, columns `16 step ..` as its rows.
__device__ __forceinline__ unsigned long long keysAt(const element *rows, int step) {
    return operandAt(sharedAddress(rows) + step / 4 * EIGHT_PARTS + step % 4 * 32, 0, EIGHT_ROWS);
}

// The `i`-th strip of values as the rows of a right operand.
__device__ __forceinline__ unsigned long long valuesAt(const element *rows, int i) {
    return operandAt(sharedAddress(rows) + i * 2 * EIGHT_ROWS, EIGHT_PARTS, EIGHT_ROWS);
}

// For all warps of a block at once.
__device__ __forceinline__ void loadTogether(const Chunks &chunks, int first) {
    __syncthreads(); // nobody reads the chunk before
    chunks.start(first);
    chunks.finish(first);
    showRows();
    __syncthreads();
}

// Adds the keys and values of N / 2 strips; those from the `inside`-th on are none, if LAST. `any`: whether the warp has
// queries.
template <int N, bool LAST>
__device__ __forceinline__ void advanceTogether(
    RunningSoftmax<1> &state,
    float (&sums)[1][COLUMNS][4],
    Strips<1> &queries,
    const element *keys,
    const element *values,
    int inside,
    float scale,
    bool any) {
    float scores[1][N][4];
    fill<1, N>(scores, 0);
    release(scores[0]);
    release(queries.of[0]);
    beginProducts();
#pragma unroll
    for (int step = 0; step < STEPS; step++) {
        multiplyKept<0>(scores[0], queries.of[0][step], keysAt(keys, step), step > 0);
    }
    endProducts();
    awaitProducts<0>();
    release(scores[0]);
    release(queries.of[0]);
    if (LAST && inside < 8 * N) {
        maskColumns<1, N>(scores, inside);
    }
    if (any) {
        weigh<1, N>(state, scores, sums, scale);
    }
    word weights[N / 2][4];
#pragma unroll
    for (int k = 0; k < N; k += 2) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            weights[k / 2][i] = pack(scores[0][k + i / 2][i % 2 * 2], scores[0][k + i / 2][i % 2 * 2 + 1]);
        }
    }
    release(sums[0]);
    release(weights);
    beginProducts();
#pragma unroll
    for (int i = 0; i < N / 2; i++) {
        multiplyKept<1>(sums[0], weights[i], valuesAt(values, i), 1);
    }
    endProducts();
    awaitProducts<0>();
    release(sums[0]);
    release(weights);
}

// Computes 64 queries, row `tile` and those below it.
__device__ __forceinline__ void attendTogether(
    const Head &h,
    const Chunks &chunks,
    const element *qkv,
    const float *bias,
    element *context,
    float *logs,
    int tile) {
    int first = tile + threadIdx.x / 32 * STRIP;
    float scale = LOG2E * rsqrtf((float)HEAD);
    Strips<1> queries;
    loadStrips<1>(queries, nullptr, qkv + h.part(0), h.bias(bias, 0), h.qkvStride(), first, h.tokens);
    RunningSoftmax<1> state;
    state.clear();
    float sums[1][COLUMNS][4];
    fill<1, COLUMNS>(sums, 0);
    for (int at = 0; at < h.tokens; at += chunks.size) {
        if (!chunks.all) {
            loadTogether(chunks, at);
        }
        const element *keys = chunks.one;
        const element *values = chunks.other;
        int left = chunks.inside(at);
        for (; left >= 4 * STRIP; left -= 4 * STRIP) {
            advanceTogether<8, false>(state, sums, queries, keys, values, left, scale, first < h.tokens);
            keys += 4 * STRIP * WIDTH;
            values += 4 * STRIP * WIDTH;
        }
        for (; left > 0; left -= STRIP) {
            advanceTogether<2, true>(state, sums, queries, keys, values, left, scale, first < h.tokens);
            keys += STRIP * WIDTH;
            values += STRIP * WIDTH;
        }
    }
    storeContext<1>(h, state, sums, context, logs, first, h.tokens);
}

// As `attention`. Grid: (parts of the queries, H, N). Shared memory: `chunk` rows of keys and of values from a multiple of 1024
// bytes on.
extern "C" __global__ void __launch_bounds__(THREADS, FORWARD_BLOCKS) attention_together(
    const element *__restrict__ qkv,
    const float *__restrict__ bias,
    element *__restrict__ context,
    float *__restrict__ logs,
    int tokens,
    int heads,
    int chunk) {
    extern __shared__ __align__(16) element shared[];
    Head h = thisHead(tokens, heads);
    element *rows = shared + (1024 - sharedAddress(shared) % 1024) % 1024 / sizeof(element);
    Chunks chunks = keysAndValues(h, rows, chunk, qkv, bias);
    if (chunks.all) {
        int first = blockIdx.x * TOGETHER + threadIdx.x / 32 * STRIP;
        fetchStrips(qkv + h.part(0), h.qkvStride(), first, min(first + STRIP, tokens));
        loadTogether(chunks, 0);
    }
    for (int tile = blockIdx.x * TOGETHER; tile < tokens; tile += gridDim.x * TOGETHER) {
        attendTogether(h, chunks, qkv, bias, context, logs, tile);
    }
}
