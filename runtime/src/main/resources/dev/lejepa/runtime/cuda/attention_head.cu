// The backward pass of a head that lies in shared memory as a whole, with queries and the gradients of its context: each
// pair of tokens is computed once, and each operand read once.
//
// A warp owns keys: it keeps their gradients and those of their values in registers and walks over queries. Gradients
// of scores of a block of queries go to shared memory, rounded as they are for every product, and when all warps have
// theirs there, they share out the block's queries: a strip and 16 columns each.
//
// Registers hold the gradients of two strips of keys side by side, and of a third one behind them, so that eight warps,
// two for each part of the processor, are enough for 257 tokens: 17 strips.

#define SIDE_BY_SIDE (WIDTH <= 96 ? 2 : 1)
#define HEAD_STRIPS (WIDTH <= 64 ? 3 : SIDE_BY_SIDE) // of keys of a warp at most
#define HEAD_WARPS 8                                 // of a block at most
#define BLOCK 32                                     // queries

// A head in shared memory, rows of whole strips.
struct HeadRows {
    int strips;
    bf16 *queries;
    bf16 *keys;
    bf16 *values;
    bf16 *dContexts;
    bf16 *dScores; // [keys][BLOCK]
    float *logs;   // as QueryChunks has them
    float *drops;
    float *sums; // of gradients of queries, [BLOCK / STRIP][WIDTH]
};

__device__ __forceinline__ HeadRows headRows(bf16 *shared, int tokens) {
    HeadRows r;
    r.strips = (tokens + STRIP - 1) / STRIP;
    int rows = r.strips * STRIP;
    r.queries = shared;
    r.keys = r.queries + rows * WIDTH;
    r.values = r.keys + rows * WIDTH;
    r.dContexts = r.values + rows * WIDTH;
    r.dScores = r.dContexts + rows * WIDTH;
    r.logs = (float *)(r.dScores + rows * BLOCK);
    r.drops = r.logs + rows;
    r.sums = r.drops + rows;
    return r;
}

// A key's gradients of the scores of a block, in pieces of eight queries, which are permuted as those of other rows are.
__device__ __forceinline__ int scorePlace(int key, int piece) {
    return key * BLOCK + (piece ^ key / 2 % 4) * 8;
}

// Copies a head, and makes the numbers that softmax's gradient takes of each query.
__device__ __forceinline__ void loadHead(
    const HeadRows &r,
    const Head &h,
    const bf16 *qkv,
    const float *bias,
    const bf16 *context,
    const bf16 *dContext,
    const float *logs) {
    int threads = blockDim.x;
    int rows = r.strips * STRIP;
    int tokens = h.tokens;
    loadRows(r.dContexts, dContext + h.context(), h.contextStride(), 0, rows, tokens, threadIdx.x, threads);
    loadRows(r.queries, qkv + h.part(0), h.qkvStride(), 0, rows, tokens, threadIdx.x, threads);
    loadRows(r.keys, qkv + h.part(1), h.qkvStride(), 0, rows, tokens, threadIdx.x, threads);
    loadRows(r.values, qkv + h.part(2), h.qkvStride(), 0, rows, tokens, threadIdx.x, threads);
    const bf16 *contexts = context + h.context();
    for (int row = threadIdx.x; row < tokens; row += threads) {
#pragma unroll
        for (int column = 0; column < HEAD; column += 64) {
            fetchAhead(contexts + (long long)row * h.contextStride() + column);
        }
    }
    awaitCopies();
    complete(r.queries, h.bias(bias, 0), 0, rows, tokens, threadIdx.x, threads);
    complete(r.keys, h.bias(bias, 1), 0, rows, tokens, threadIdx.x, threads);
    complete(r.values, h.bias(bias, 2), 0, rows, tokens, threadIdx.x, threads);
    for (int i = threadIdx.x; i < BLOCK / STRIP * WIDTH; i += threads) {
        r.sums[i] = 0;
    }
    __syncthreads();
    for (int row = threadIdx.x; row < rows; row += threads) {
        bool inside = row < tokens;
        const bf16 *at = contexts + (long long)(inside ? row : 0) * h.contextStride();
        float product = 0;
#pragma unroll
        for (int column = 0; column < HEAD; column += GRAIN) {
            Grain c = *(const Grain *)(at + column);
            Grain d = *grainAt(r.dContexts, row, column);
#pragma unroll
            for (int i = 0; i < UNITS; i++) {
                product = scalarProduct(c.units[i], d.units[i], product);
            }
        }
        r.logs[row] = inside ? logs[h.logs() + row] * LOG2E : INFINITY;
        r.drops[row] = inside ? -product : 0;
    }
    __syncthreads();
}

// scores += the products of M strips of rows, from the `own`-th on, and the transpose of a strip of others.
template <int M>
__device__ __forceinline__ void addScoresOf(
    float (&scores)[M][2][4], const HeadRows &r, const bf16 *rows, int own, const bf16 *others) {
#pragma unroll
    for (int step = 0; step < STEPS; step++) {
        word b[4];
        rightTransposed(b, others, step);
#pragma unroll
        for (int m = 0; m < M; m++) {
            word a[4];
            leftOperand(a, rows + min(own + m, r.strips - 1) * STRIP * WIDTH, step);
            multiply(scores[m][0], a, b[0], b[1]);
            multiply(scores[m][1], a, b[2], b[3]);
        }
    }
}

// Gradients of M strips of keys and of their values.
template <int M> struct KeyStrips {
    float dKeys[M][COLUMNS][4];
    float dValues[M][COLUMNS][4];

    __device__ __forceinline__ void clear() {
        fill<M, COLUMNS>(dKeys, 0);
        fill<M, COLUMNS>(dValues, 0);
    }

    // Writes strips from the `own`-th on, rows before `end`.
    __device__ __forceinline__ void store(const Head &h, bf16 *dQkv, int own, int end) const {
        float ofKeys[M][2];
        float ofValues[M][2];
#pragma unroll
        for (int m = 0; m < M; m++) {
            ofKeys[m][0] = ofKeys[m][1] = rsqrtf((float)HEAD);
            ofValues[m][0] = ofValues[m][1] = 1;
        }
        storeStrips<M, COLUMNS>(dQkv + h.part(1), h.qkvStride(), own * STRIP, end, dKeys, ofKeys);
        storeStrips<M, COLUMNS>(dQkv + h.part(2), h.qkvStride(), own * STRIP, end, dValues, ofValues);
    }
};

// Adds a strip of queries, the `strip`-th of the head and the `inBlock`-th of its block, to M strips of keys and values,
// from the `own`-th on. Those from row `end` on are none.
template <int M>
__device__ __forceinline__ void advanceHead(
    KeyStrips<M> &sums, const HeadRows &r, int own, int strip, int inBlock, int end) {
    int lane = threadIdx.x % 32;
    float scale = LOG2E * rsqrtf((float)HEAD);
    const bf16 *queries = r.queries + strip * STRIP * WIDTH;
    const bf16 *dContexts = r.dContexts + strip * STRIP * WIDTH;
    float weights[M][2][4];
    float dScores[M][2][4];
    fill<M, 2>(weights, 0);
    addScoresOf<M>(weights, r, r.keys, own, queries);
#pragma unroll
    for (int n = 0; n < 2; n++) {
        float2 log = *(const float2 *)(r.logs + strip * STRIP + n * 8 + lane % 4 * 2);
        float2 drop = *(const float2 *)(r.drops + strip * STRIP + n * 8 + lane % 4 * 2);
#pragma unroll
        for (int m = 0; m < M; m++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                bool inside = (own + m) * STRIP + i / 2 * 8 + lane / 4 < end;
                float weight = power2(weights[m][n][i] * scale - (i % 2 ? log.y : log.x));
                weights[m][n][i] = inside ? weight : 0;
                dScores[m][n][i] = i % 2 ? drop.y : drop.x;
            }
        }
    }
    addScoresOf<M>(dScores, r, r.values, own, dContexts);
    addWeighted<M, 2>(sums.dValues, weights, dContexts);
#pragma unroll
    for (int m = 0; m < M; m++) {
#pragma unroll
        for (int n = 0; n < 2; n++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                dScores[m][n][i] *= weights[m][n][i];
            }
#pragma unroll
            for (int half = 0; half < 2; half++) {
                if ((own + m) * STRIP < end) {
                    int key = (own + m) * STRIP + half * 8 + lane / 4;
                    *(word *)(r.dScores + scorePlace(key, inBlock * 2 + n) + lane % 4 * 2) =
                        pack(dScores[m][n][2 * half], dScores[m][n][2 * half + 1]);
                }
            }
        }
    }
    addWeighted<M, 2>(sums.dKeys, dScores, queries);
}

// Computes 16 columns of the gradients of a strip of queries, the `inBlock`-th of the block whose dScores are there. Two
// sums are kept at a time, of even and of odd strips of keys, so that one need not wait for the other.
__device__ __forceinline__ void queryColumns(float (&sums)[1][2][4], const HeadRows &r, int inBlock, int pair) {
    int lane = threadIdx.x % 32;
    float odd[1][2][4];
    fill<1, 2>(sums, 0);
    fill<1, 2>(odd, 0);
    auto add = [&](float (&to)[1][2][4], int strip) {
        word a[4];
        word b[4];
        int key = strip * STRIP + lane / 16 * 8 + lane % 8;
        loadTransposed(a, r.dScores + scorePlace(key, inBlock * 2 + lane / 8 % 2));
        rightOperand(b, r.keys + strip * STRIP * WIDTH, pair);
        multiply(to[0][0], a, b[0], b[1]);
        multiply(to[0][1], a, b[2], b[3]);
    };
    int strip = 0;
    for (; strip + 2 <= r.strips; strip += 2) {
        add(sums, strip);
        add(odd, strip + 1);
    }
    if (strip < r.strips) {
        add(sums, strip);
    }
#pragma unroll
    for (int n = 0; n < 2; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            sums[0][n][i] += odd[0][n][i];
        }
    }
}

// Adds sums over a strip to what a block's strips and columns have so far; each has one warp at a time.
__device__ __forceinline__ void addQuerySums(float *row, const float (&sums)[1][2][4]) {
    int lane = threadIdx.x % 32;
#pragma unroll
    for (int n = 0; n < 2; n++) {
#pragma unroll
        for (int i = 0; i < 2; i++) {
            float sum = overRows(sums[0][n][i] + sums[0][n][2 + i]);
            if (lane < 4) {
                row[n * 8 + lane * 2 + i] += sum;
            }
        }
    }
}

// Gradients of queries, keys and values. `bias` may be null, and `sums` is then not written. Grid: (1, H, N); threads: a
// warp for each SIDE_BY_SIDE strips of tokens, HEAD_WARPS at most. Shared memory: HeadRows.
extern "C" __global__ void __launch_bounds__(32 * HEAD_WARPS, 1) attention_head_gradient(
    const bf16 *__restrict__ qkv,
    const float *__restrict__ bias,
    const bf16 *__restrict__ context,
    const bf16 *__restrict__ dContext,
    const float *__restrict__ logs,
    bf16 *__restrict__ dQkv,
    float *__restrict__ sums,
    int tokens,
    int heads) {
    extern __shared__ __align__(16) element shared[];
    Head h = thisHead(tokens, heads);
    HeadRows r = headRows(shared, tokens);
    loadHead(r, h, qkv, bias, context, dContext, logs);
    int warp = threadIdx.x / 32;
    int warps = blockDim.x / 32;
    int own = warp * r.strips / warps;
    int behind = own + SIDE_BY_SIDE;
    int end = min((warp + 1) * r.strips / warps * STRIP, tokens);
    bool third = HEAD_STRIPS > SIDE_BY_SIDE && behind * STRIP < end;
    float factor = rsqrtf((float)HEAD);
    KeyStrips<SIDE_BY_SIDE> sideBySide;
    KeyStrips<1> after;
    sideBySide.clear();
    after.clear();

    for (int strip = 0; strip < r.strips; strip += BLOCK / STRIP) {
        int count = min(BLOCK / STRIP, r.strips - strip);
        for (int i = 0; i < count; i++) {
            advanceHead<SIDE_BY_SIDE>(sideBySide, r, own, strip + i, i, end);
            if (third) {
                advanceHead<1>(after, r, behind, strip + i, i, end);
            }
        }
        __syncthreads(); // the block's dScores are there
        for (int unit = warp; unit < count * COLUMNS / 2; unit += warps) {
            int i = unit % count;
            int pair = unit / count;
            float dQueries[1][2][4];
            queryColumns(dQueries, r, i, pair);
            bf16 *at = dQkv + h.part(0) + pair * 16;
            float ofRows[1][2] = {{factor, factor}};
            storeStrips<1, 2>(at, h.qkvStride(), (strip + i) * STRIP, tokens, dQueries, ofRows, HEAD - pair * 16);
            if (bias) {
                addQuerySums(r.sums + i * WIDTH + pair * 16, dQueries);
            }
        }
        __syncthreads(); // nobody reads them any more
    }

    sideBySide.store(h, dQkv, own, end);
    if (third) {
        after.store(h, dQkv, behind, end);
    }
    if (bias) {
        float *rows = (float *)r.dScores;
        ColumnSums columns;
        columns.clear();
        columns.add<SIDE_BY_SIDE>(sideBySide.dKeys, own * STRIP, end);
        columns.add<1>(after.dKeys, behind * STRIP, end);
        columns.put(rows + warp * 2 * WIDTH);
        columns.clear();
        columns.add<SIDE_BY_SIDE>(sideBySide.dValues, own * STRIP, end);
        columns.add<1>(after.dValues, behind * STRIP, end);
        columns.put(rows + warp * 2 * WIDTH + WIDTH);
        __syncthreads();
        storeSums(sums + h.sums(0), r.sums, WIDTH, BLOCK / STRIP, factor, blockDim.x);
        storeSums(sums + h.sums(1), rows, 2 * WIDTH, warps, factor, blockDim.x);
        storeSums(sums + h.sums(2), rows + WIDTH, 2 * WIDTH, warps, 1, blockDim.x);
    }
}
