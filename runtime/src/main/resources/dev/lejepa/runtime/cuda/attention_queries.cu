// The backward pass for queries, which comes first: it leaves the scalar products of the rows of the context and of its
// gradient for keys and values.

#define QUERY_STRIPS (KEPT_STRIPS ? KEPT_STRIPS : WIDTH <= 80 ? 2 : 1) // of a warp, as far as its registers go
#define QUERY_BLOCKS 2 // of a processor

// Adds the keys and values of N / 2 strips to M strips of queries; those from the `inside`-th on are none, if LAST.
template <int M, int N, bool LAST>
__device__ __forceinline__ void advanceQueries(
    float (&dQueries)[M][COLUMNS][4],
    const Strips<M> &queries,
    const Strips<M> &dContexts,
    const float (&logs)[M][2],
    const float (&products)[M][2],
    const element *keys,
    const element *values,
    int inside,
    float scale) {
    float weights[M][N][4];
    float dScores[M][N][4];
#pragma unroll
    for (int m = 0; m < M; m++) {
#pragma unroll
        for (int n = 0; n < N; n++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                weights[m][n][i] = 0;
                dScores[m][n][i] = -products[m][i / 2];
            }
        }
    }
    addScores<M, N>(weights, queries, keys);
    addScores<M, N>(dScores, dContexts, values);
    if (LAST) {
        maskColumns<M, N>(weights, inside);
    }
#pragma unroll
    for (int m = 0; m < M; m++) {
#pragma unroll
        for (int n = 0; n < N; n++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                dScores[m][n][i] *= power2(weights[m][n][i] * scale - logs[m][i / 2]);
            }
        }
    }
    addWeighted<M, N>(dQueries, dScores, keys);
}

struct Gradients {
    const element *qkv;
    const float *bias;
    const element *context;
    const element *dContext;
    const float *logs;
    float *products;
    element *dQkv;
};

// Computes M strips of queries, rows `first` to before `end`.
template <int M>
__device__ __forceinline__ void queriesGradient(
    const Head &h, const Chunks &chunks, element *kept, const Gradients &g, ColumnSums &columns, int first, int end) {
    int lane = threadIdx.x % 32;
    float scale = LOG2E * rsqrtf((float)HEAD);
    Strips<M> queries;
    Strips<M> dContexts;
    float logs[M][2];
    float products[M][2];
    loadStrips<M>(queries, kept, g.context + h.context(), nullptr, h.contextStride(), first, end);
    loadStrips<M>(dContexts, kept + KEPT, g.dContext + h.context(), nullptr, h.contextStride(), first, end);
    rowProducts<M>(products, queries, dContexts);
    loadStrips<M>(queries, kept, g.qkv + h.part(0), h.bias(g.bias, 0), h.qkvStride(), first, end);
#pragma unroll
    for (int m = 0; m < M; m++) {
#pragma unroll
        for (int half = 0; half < 2; half++) {
            int row = first + m * STRIP + half * 8 + lane / 4;
            logs[m][half] = row < end ? g.logs[h.logs() + row] * LOG2E : INFINITY;
            if (lane % 4 == 0 && row < end) {
                g.products[h.logs() + row] = products[m][half];
            }
        }
    }
    float dQueries[M][COLUMNS][4];
    fill<M, COLUMNS>(dQueries, 0);

    for (int at = 0; at < h.tokens; at += chunks.size) {
        if (!chunks.all) {
            chunks.load(at);
        }
        const element *keys = chunks.one;
        const element *values = chunks.other;
        int left = chunks.inside(at);
        for (; left >= 2 * STRIP; left -= 2 * STRIP) {
            advanceQueries<M, 4, false>(
                dQueries, queries, dContexts, logs, products, keys, values, left, scale);
            keys += 2 * STRIP * WIDTH;
            values += 2 * STRIP * WIDTH;
        }
        for (; left > 0; left -= STRIP) {
            advanceQueries<M, 2, true>(
                dQueries, queries, dContexts, logs, products, keys, values, left, scale);
            keys += STRIP * WIDTH;
            values += STRIP * WIDTH;
        }
    }

    float factor[M][2];
#pragma unroll
    for (int m = 0; m < M; m++) {
        factor[m][0] = factor[m][1] = rsqrtf((float)HEAD);
    }
    storeStrips<M, COLUMNS>(g.dQkv + h.part(0), h.qkvStride(), first, end, dQueries, factor);
    if (g.bias) {
        columns.add<M>(dQueries, first, end);
    }
}

// Gradients of queries, and `products`, [N, H, T]. `bias` may be null, and `sums` is then not written. Grid: (parts of
// the queries, H, N). Shared memory: queries and gradients of their context that warps keep, `chunk` rows of
// keys and of values.
extern "C" __global__ void __launch_bounds__(THREADS, QUERY_BLOCKS) attention_queries_gradient(
    const element *__restrict__ qkv,
    const float *__restrict__ bias,
    const element *__restrict__ context,
    const element *__restrict__ dContext,
    const float *__restrict__ logs,
    float *__restrict__ products,
    element *__restrict__ dQkv,
    float *__restrict__ sums,
    int tokens,
    int heads,
    int chunk) {
    extern __shared__ __align__(16) element shared[];
    Head h = thisHead(tokens, heads);
    Gradients g = {qkv, bias, context, dContext, logs, products, dQkv};
    Chunks chunks = keysAndValues(h, rowsOfBlock(shared, 2), chunk, qkv, bias);
    element *kept = rowsOfWarp(shared, 2);
    ColumnSums columns;
    columns.clear();
    Share own = thisWarp(tokens);
    int end = own.from + own.most; // all warps read all chunks
    if (chunks.all) {
        int first = own.from * STRIP;
        int after = min(own.to * STRIP, tokens);
        fetchStrips(context + h.context(), h.contextStride(), first, after);
        fetchStrips(dContext + h.context(), h.contextStride(), first, after);
        fetchStrips(qkv + h.part(0), h.qkvStride(), first, after);
        chunks.load(0);
        end = own.to;
    }
    for (int strip = own.from; strip < end; strip += QUERY_STRIPS) {
        int after = min(own.to * STRIP, tokens);
        if (strip + QUERY_STRIPS <= own.to) {
            queriesGradient<QUERY_STRIPS>(h, chunks, kept, g, columns, strip * STRIP, after);
        } else {
            queriesGradient<1>(h, chunks, kept, g, columns, strip * STRIP, after);
        }
    }
    if (bias) {
        float *rows = (float *)shared;
        __syncthreads(); // nobody reads the chunk any more
        columns.put(rows + threadIdx.x / 32 * WIDTH);
        __syncthreads();
        storeSums(sums + h.sums(0), rows, WIDTH, WARPS, rsqrtf((float)HEAD), THREADS);
    }
}
