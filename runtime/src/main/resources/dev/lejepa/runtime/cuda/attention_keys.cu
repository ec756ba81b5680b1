// The backward pass for keys and values.

#define KEY_STRIPS (KEPT_STRIPS ? KEPT_STRIPS : WIDTH <= 64 ? 2 : 1) // of a warp, as far as its registers go
#define KEY_BLOCKS 2 // of a processor

// Queries and gradients of their context in shared memory, with what softmax's gradient takes of each: the logarithm of
// its denominator, to base 2, and the negative scalar product. Queries that no token stands for get the weight 0.
struct QueryChunks {
    Chunks rows;
    float *logs;
    float *drops;
    const float *logsOfHead;
    const float *productsOfHead;

    // For all warps of a block at once.
    __device__ __forceinline__ void load(int first) const {
        __syncthreads(); // nobody reads the chunk before
        rows.start(first);
        for (int i = threadIdx.x; i < rows.count(first); i += THREADS) {
            bool inside = first + i < rows.tokens;
            logs[i] = inside ? logsOfHead[first + i] * LOG2E : INFINITY;
            drops[i] = inside ? -productsOfHead[first + i] : 0;
        }
        rows.finish(first);
        __syncthreads();
    }
};

// Adds N / 2 strips of queries, row `at` of the chunk and those below it, to M strips of keys, of values, or of both.
template <int M, int N, bool KEYS, bool VALUES>
__device__ __forceinline__ void advanceKeys(
    float (&dKeys)[M][COLUMNS][4],
    float (&dValues)[M][COLUMNS][4],
    const Strips<M> &keys,
    const Strips<M> &values,
    const QueryChunks &chunks,
    int at,
    float scale) {
    int lane = threadIdx.x % 32;
    const element *queries = chunks.rows.one + at * WIDTH;
    const element *dContexts = chunks.rows.other + at * WIDTH;
    float weights[M][N][4];
    float dScores[M][N][4]; // for keys
    fill<M, N>(weights, 0);
    addScores<M, N>(weights, keys, queries);
#pragma unroll
    for (int n = 0; n < N; n++) {
        float2 log = *(const float2 *)(chunks.logs + at + n * 8 + lane % 4 * 2);
        float2 drop = *(const float2 *)(chunks.drops + at + n * 8 + lane % 4 * 2);
#pragma unroll
        for (int m = 0; m < M; m++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                weights[m][n][i] = power2(weights[m][n][i] * scale - (i % 2 ? log.y : log.x));
                dScores[m][n][i] = i % 2 ? drop.y : drop.x;
            }
        }
    }
    if (KEYS) {
        addScores<M, N>(dScores, values, dContexts);
    }
    if (VALUES) {
        addWeighted<M, N>(dValues, weights, dContexts);
    }
    if (KEYS) {
#pragma unroll
        for (int m = 0; m < M; m++) {
#pragma unroll
            for (int n = 0; n < N; n++) {
#pragma unroll
                for (int i = 0; i < 4; i++) {
                    dScores[m][n][i] *= weights[m][n][i];
                }
            }
        }
        addWeighted<M, N>(dKeys, dScores, queries);
    }
}

// Adds all queries to M strips of keys, of values, or of both.
template <int M, bool KEYS, bool VALUES>
__device__ __forceinline__ void walkQueries(
    float (&dKeys)[M][COLUMNS][4],
    float (&dValues)[M][COLUMNS][4],
    const Strips<M> &keys,
    const Strips<M> &values,
    const QueryChunks &chunks,
    int tokens,
    float scale) {
    for (int at = 0; at < tokens; at += chunks.rows.size) {
        if (!chunks.rows.all) {
            chunks.load(at);
        }
        int inside = chunks.rows.inside(at);
        int q = 0;
        if (M == 1 && !KEPT_STRIPS) { // a single strip needs more of the other side to keep the tensor cores busy
            for (; q + 2 * STRIP <= inside; q += 2 * STRIP) {
                advanceKeys<M, 4, KEYS, VALUES>(dKeys, dValues, keys, values, chunks, q, scale);
            }
        }
        for (; q < inside; q += STRIP) {
            advanceKeys<M, 2, KEYS, VALUES>(dKeys, dValues, keys, values, chunks, q, scale);
        }
    }
}

// Computes M strips of keys and values, rows `first` to before `end`.
template <int M>
__device__ __forceinline__ void keysGradient(
    const Head &h,
    const QueryChunks &chunks,
    element *kept,
    const element *qkv,
    const float *bias,
    element *dQkv,
    ColumnSums &ofKeys,
    ColumnSums &ofValues,
    int first,
    int end) {
    float scale = LOG2E * rsqrtf((float)HEAD);
    Strips<M> keys;
    Strips<M> values;
    loadStrips<M>(keys, kept, qkv + h.part(1), h.bias(bias, 1), h.qkvStride(), first, end);
    loadStrips<M>(values, kept + KEPT, qkv + h.part(2), h.bias(bias, 2), h.qkvStride(), first, end);
    float factor[M][2];
    float one[M][2];
#pragma unroll
    for (int m = 0; m < M; m++) {
        factor[m][0] = factor[m][1] = rsqrtf((float)HEAD);
        one[m][0] = one[m][1] = 1;
    }
    float dKeys[M][COLUMNS][4];
    float dValues[M][COLUMNS][4];
    fill<M, COLUMNS>(dValues, 0);
    if (WIDE) {
        walkQueries<M, false, true>(dKeys, dValues, keys, values, chunks, h.tokens, scale);
        storeStrips<M, COLUMNS>(dQkv + h.part(2), h.qkvStride(), first, end, dValues, one);
    }
    if (WIDE && bias) {
        ofValues.add<M>(dValues, first, end);
    }
    fill<M, COLUMNS>(dKeys, 0);
    walkQueries<M, true, !WIDE>(dKeys, dValues, keys, values, chunks, h.tokens, scale);
    storeStrips<M, COLUMNS>(dQkv + h.part(1), h.qkvStride(), first, end, dKeys, factor);
    if (!WIDE) {
        storeStrips<M, COLUMNS>(dQkv + h.part(2), h.qkvStride(), first, end, dValues, one);
    }
    if (bias) {
        ofKeys.add<M>(dKeys, first, end);
    }
    if (!WIDE && bias) {
        ofValues.add<M>(dValues, first, end);
    }
}

// Gradients of keys and values. `bias` may be null, and `sums` is then not written. Grid: (parts of the keys, H, N).
// Shared memory: keys and values that warps keep, `chunk` rows of queries and of gradients of their context, and two
// numbers for each.
extern "C" __global__ void __launch_bounds__(THREADS, KEY_BLOCKS) attention_keys_gradient(
    const element *__restrict__ qkv,
    const float *__restrict__ bias,
    const element *__restrict__ dContext,
    const float *__restrict__ logs,
    const float *__restrict__ products,
    element *__restrict__ dQkv,
    float *__restrict__ sums,
    int tokens,
    int heads,
    int chunk) {
    extern __shared__ __align__(16) element shared[];
    Head h = thisHead(tokens, heads);
    QueryChunks chunks;
    element *kept = rowsOfWarp(shared, 2);
    element *rowsOfChunk = rowsOfBlock(shared, 2);
    chunks.rows.one = rowsOfChunk;
    chunks.rows.other = rowsOfChunk + chunk * WIDTH;
    chunks.rows.oneTensor = qkv + h.part(0);
    chunks.rows.otherTensor = dContext + h.context();
    chunks.rows.oneBias = h.bias(bias, 0);
    chunks.rows.otherBias = nullptr;
    chunks.rows.oneStride = h.qkvStride();
    chunks.rows.otherStride = h.contextStride();
    chunks.rows.tokens = tokens;
    chunks.rows.size = chunk;
    chunks.rows.all = chunk >= tokens;
    chunks.logs = (float *)(rowsOfChunk + 2 * chunk * WIDTH);
    chunks.drops = chunks.logs + chunk;
    chunks.logsOfHead = logs + h.logs();
    chunks.productsOfHead = products + h.logs();
    ColumnSums ofKeys;
    ColumnSums ofValues;
    ofKeys.clear();
    ofValues.clear();
    Share own = thisWarp(tokens);
    int end = own.from + own.most; // all warps read all chunks
    if (chunks.rows.all) {
        int first = own.from * STRIP;
        int after = min(own.to * STRIP, tokens);
        fetchStrips(qkv + h.part(1), h.qkvStride(), first, after);
        fetchStrips(qkv + h.part(2), h.qkvStride(), first, after);
        chunks.load(0);
        end = own.to;
    }
    for (int strip = own.from; strip < end; strip += KEY_STRIPS) {
        int after = min(own.to * STRIP, tokens);
        if (strip + KEY_STRIPS <= own.to) {
            keysGradient<KEY_STRIPS>(h, chunks, kept, qkv, bias, dQkv, ofKeys, ofValues, strip * STRIP, after);
        } else {
            keysGradient<1>(h, chunks, kept, qkv, bias, dQkv, ofKeys, ofValues, strip * STRIP, after);
        }
    }
    if (bias) {
        float *rows = (float *)shared;
        float *row = rows + threadIdx.x / 32 * 2 * WIDTH;
        __syncthreads(); // nobody reads the chunk any more
        ofKeys.put(row);
        ofValues.put(row + WIDTH);
        __syncthreads();
        storeSums(sums + h.sums(1), rows, 2 * WIDTH, WARPS, rsqrtf((float)HEAD), THREADS);
        storeSums(sums + h.sums(2), rows + WIDTH, 2 * WIDTH, WARPS, 1, THREADS);
    }
}
