// The backward pass on sm_90 for heads of 64 that lie in shared memory as a whole: what four warps make of 64 queries, or of 64
// keys, which they keep in registers. Scores are computed for either side, and nothing is exchanged between warps but sums of
// columns.

// A head in shared memory, zeros behind its tokens; `logs` and `drops` as QueryChunks has them.
struct HeadTiles {
    const element *queries;
    const element *dContexts;
    const element *keys;
    const element *values;
    const float *logs;
    const float *drops;
    int rows;
};

// Begins the products of a strip and the transpose of a block's rows.
template <int N>
__device__ __forceinline__ void startScores(
    float (&scores)[N][4], const Strips<1> &strip, const element *rows, bool add) {
#pragma unroll
    for (int step = 0; step < STEPS; step++) {
        multiplyKept<0>(scores, strip.of[0][step], keysAt(rows, step), add || step > 0);
    }
    endProducts();
}

// Begins to add the weighted rows of a block.
template <int N>
__device__ __forceinline__ void startWeighted(
    float (&sums)[COLUMNS][4], const word (&weights)[N / 2][4], const element *rows) {
#pragma unroll
    for (int i = 0; i < N / 2; i++) {
        multiplyKept<1>(sums, weights[i], valuesAt(rows, i), 1);
    }
    endProducts();
}

// Rounds sums to a left operand.
template <int N> __device__ __forceinline__ void toOperand(word (&a)[N / 2][4], const float (&x)[N][4]) {
#pragma unroll
    for (int k = 0; k < N; k += 2) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            a[k / 2][i] = pack(x[k + i / 2][i % 2 * 2], x[k + i / 2][i % 2 * 2 + 1]);
        }
    }
}

// Queries of a tile and what is known of them.
struct QueryTile {
    Strips<1> queries;
    Strips<1> dContexts;
    float logs[2]; // of this lane's rows
    float drops[2];
};

// Adds a block of 8 N keys; those from the `inside`-th on are none.
template <int N>
__device__ __forceinline__ void advanceQueryTile(
    float (&dQueries)[1][COLUMNS][4], QueryTile &t, const element *keys, const element *values, int inside) {
    float scale = LOG2E * rsqrtf((float)HEAD);
    float weights[1][N][4];
    float dScores[1][N][4];
    fill<1, N>(weights, 0);
#pragma unroll
    for (int n = 0; n < N; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            dScores[0][n][i] = t.drops[i / 2];
        }
    }
    release(weights[0]);
    release(dScores[0]);
    release(t.queries.of[0]);
    release(t.dContexts.of[0]);
    beginProducts();
    startScores<N>(weights[0], t.queries, keys, false);
    startScores<N>(dScores[0], t.dContexts, values, true);
    awaitProducts<1>();
    release(weights[0]);
    release(t.queries.of[0]);
    if (inside < 8 * N) {
        maskColumns<1, N>(weights, inside);
    }
#pragma unroll
    for (int n = 0; n < N; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            weights[0][n][i] = power2(weights[0][n][i] * scale - t.logs[i / 2]);
        }
    }
    awaitProducts<0>();
    release(dScores[0]);
    release(t.dContexts.of[0]);
#pragma unroll
    for (int n = 0; n < N; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            dScores[0][n][i] *= weights[0][n][i];
        }
    }
    word operand[N / 2][4];
    toOperand<N>(operand, dScores[0]);
    release(dQueries[0]);
    release(operand);
    beginProducts();
    startWeighted<N>(dQueries[0], operand, keys);
    awaitProducts<0>();
    release(dQueries[0]);
    release(operand);
}

// Keys of a tile, their values, and the gradients of both.
struct KeyTile {
    Strips<1> keys;
    Strips<1> values;
    float dKeys[1][COLUMNS][4];
    float dValues[1][COLUMNS][4];
};

// Adds a block of 8 N queries. Those that no token stands for have the weight 0.
template <int N>
__device__ __forceinline__ void advanceKeyTile(
    KeyTile &t, const element *queries, const element *dContexts, const float *logs, const float *drops) {
    int column = threadIdx.x % 4 * 2;
    float scale = LOG2E * rsqrtf((float)HEAD);
    float weights[1][N][4];
    float dScores[1][N][4];
    fill<1, N>(weights, 0);
#pragma unroll
    for (int n = 0; n < N; n++) {
        float2 drop = *(const float2 *)(drops + n * 8 + column);
#pragma unroll
        for (int i = 0; i < 4; i++) {
            dScores[0][n][i] = i % 2 ? drop.y : drop.x;
        }
    }
    release(weights[0]);
    release(dScores[0]);
    release(t.keys.of[0]);
    release(t.values.of[0]);
    beginProducts();
    startScores<N>(weights[0], t.keys, queries, false);
    startScores<N>(dScores[0], t.values, dContexts, true);
    awaitProducts<1>();
    release(weights[0]);
    release(t.keys.of[0]);
#pragma unroll
    for (int n = 0; n < N; n++) {
        float2 log = *(const float2 *)(logs + n * 8 + column);
#pragma unroll
        for (int i = 0; i < 4; i++) {
            weights[0][n][i] = power2(weights[0][n][i] * scale - (i % 2 ? log.y : log.x));
        }
    }
    word ofValues[N / 2][4];
    toOperand<N>(ofValues, weights[0]);
    release(t.dValues[0]);
    release(ofValues);
    beginProducts();
    startWeighted<N>(t.dValues[0], ofValues, dContexts);
    awaitProducts<1>(); // the gradients of weights are there, and those of values go on
    release(dScores[0]);
    release(t.values.of[0]);
#pragma unroll
    for (int n = 0; n < N; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            dScores[0][n][i] *= weights[0][n][i];
        }
    }
    word ofKeys[N / 2][4];
    toOperand<N>(ofKeys, dScores[0]);
    release(t.dKeys[0]);
    release(ofKeys);
    beginProducts();
    startWeighted<N>(t.dKeys[0], ofKeys, queries);
    awaitProducts<0>();
    release(t.dValues[0]);
    release(t.dKeys[0]);
    release(ofValues);
    release(ofKeys);
}

// The gradients of 64 queries, row `tile` and those below it. Begins when the head is there, and tells when the tile is in
// registers and when the other side is read.
template <class Loaded, class Done>
__device__ __forceinline__ void queryTileGradient(
    float (&dQueries)[1][COLUMNS][4], const HeadTiles &r, int tile, int tokens, Loaded loaded, Done done) {
    int lane = threadIdx.x % 32;
    int first = tile + threadIdx.x / 32 % 4 * STRIP;
    QueryTile t;
    keepStrip(t.queries, r.queries, first, r.rows);
    keepStrip(t.dContexts, r.dContexts, first, r.rows);
#pragma unroll
    for (int half = 0; half < 2; half++) {
        int row = min(first, r.rows - STRIP) + half * 8 + lane / 4;
        t.logs[half] = r.logs[row];
        t.drops[half] = r.drops[row];
    }
    loaded();
    fill<1, COLUMNS>(dQueries, 0);
    const element *keys = r.keys;
    const element *values = r.values;
    int left = tokens;
    int wide = inWideBlock(tokens);
    for (; left > wide; left -= BLOCK_ROWS) {
        advanceQueryTile<8>(dQueries, t, keys, values, left);
        keys += BLOCK_ROWS * WIDTH;
        values += BLOCK_ROWS * WIDTH;
    }
    if (wide) {
        advanceQueryTile<10>(dQueries, t, keys, values, left);
    }
    done();
}

// The gradients of 64 keys and of their values, likewise.
template <class Loaded, class Done>
__device__ __forceinline__ void keyTileGradient(
    KeyTile &t, const HeadTiles &r, int tile, int tokens, Loaded loaded, Done done) {
    int first = tile + threadIdx.x / 32 % 4 * STRIP;
    keepStrip(t.keys, r.keys, first, r.rows);
    keepStrip(t.values, r.values, first, r.rows);
    loaded();
    fill<1, COLUMNS>(t.dKeys, 0);
    fill<1, COLUMNS>(t.dValues, 0);
    int wide = inWideBlock(tokens);
    int at = 0;
    for (; at + wide < tokens; at += BLOCK_ROWS) {
        advanceKeyTile<8>(t, r.queries + at * WIDTH, r.dContexts + at * WIDTH, r.logs + at, r.drops + at);
    }
    if (wide) {
        advanceKeyTile<10>(t, r.queries + at * WIDTH, r.dContexts + at * WIDTH, r.logs + at, r.drops + at);
    }
    done();
}
