// The backward pass on sm_90 for heads of 64 that lie in shared memory as a whole: how they come there, and who computes what.
//
// Blocks stay, each with every `gridDim.x`-th head. Of its three times four warps the first copy: one lets tiles come (TMA) as
// soon as there is a place for them, three others add biases to what has come and make the numbers that softmax's gradient takes
// of each query. A bias has to be in the tiles before products read them, rounded as a pass of its own would round it. Twice four
// warps take turns at tiles of 64 queries and of 64 keys, in the order of the heads, and while the ones wait for a product the
// others compute what lies between two. Queries and gradients of contexts have places for two heads wherever they fit; keys and
// values are left as soon as each tile has its own in registers, which is before the head is done.

#define GRADIENT_THREADS 384

// What the kernel takes. Sizes are 64 bits each, as all arguments of ours.
struct HeadArguments {
    TensorMap qkv;      // element [N, T, 3 H HEAD]
    TensorMap dContext; // element [N, T, H HEAD]
    const float *bias;  // null for none; `sums` is then not written
    const element *context;
    const float *logs;
    element *dQkv;
    float *sums;             // [N, tiles, 3, H, HEAD]
    long long images;        // N
    long long tokens;        // T
    long long heads;         // H
    long long rows;          // of a head in shared memory: tokens and zeros
    long long copied;        // rows at a time
    long long queryStages;   // places for queries and gradients of contexts
    long long keyStages;     // for keys and values
};

// What shared memory holds behind the rows.
struct HeadBarriers {
    Barrier queriesCame[MOST_STAGES];
    Barrier keysCame[MOST_STAGES];
    Barrier queriesLeft[MOST_STAGES];
    Barrier keysLeft[MOST_STAGES];
    Barrier ready[MOST_STAGES]; // by the stage of queries
};

struct HeadPlaces {
    HeadBarriers *barriers;
    float *sums; // of both fours of warps, of keys and of values, [2][2][4][WIDTH]
    float *numbers;
    element *elements;
    int rows;
    int queryStages;
    int keyStages;

    // Two tensors of the `i`-th head.
    __device__ __forceinline__ element *queries(int i) const {
        return elements + i % queryStages * 2 * rows * WIDTH;
    }

    __device__ __forceinline__ element *keys(int i) const {
        return elements + (queryStages + i % keyStages) * 2 * rows * WIDTH;
    }

    // Logarithms of its queries, and their drops behind them.
    __device__ __forceinline__ float *logs(int i) const {
        return numbers + i % queryStages * 2 * rows;
    }

    __device__ __forceinline__ HeadTiles tiles(int i) const {
        HeadTiles t;
        t.queries = queries(i);
        t.dContexts = t.queries + rows * WIDTH;
        t.keys = keys(i);
        t.values = t.keys + rows * WIDTH;
        t.logs = logs(i);
        t.drops = t.logs + rows;
        t.rows = rows;
        return t;
    }
};

__device__ __forceinline__ HeadPlaces headPlaces(const HeadArguments &a, element *shared) {
    HeadPlaces p;
    p.rows = (int)a.rows;
    p.queryStages = (int)a.queryStages;
    p.keyStages = (int)a.keyStages;
    p.elements = shared + (1024 - sharedAddress(shared) % 1024) % 1024 / sizeof(element);
    p.numbers = (float *)(p.elements + (p.queryStages + p.keyStages) * 2 * p.rows * WIDTH);
    p.sums = p.numbers + p.queryStages * 2 * p.rows;
    p.barriers = (HeadBarriers *)(p.sums + 2 * 2 * 4 * WIDTH);
    return p;
}

// For one warp: lets all heads of the block come, one after the other.
__device__ __forceinline__ void copyHeads(const HeadArguments &a, const HeadPlaces &p) {
    int items = (int)(a.images * a.heads);
    int i = 0;
    for (int item = blockIdx.x; item < items; item += gridDim.x, i++) {
        Head h = headAt(item, (int)a.tokens, (int)a.heads);
        fetchStrips(a.context + h.context(), h.contextStride(), 0, h.tokens);
        if (threadIdx.x == 0) {
            int rows = p.rows;
            int atATime = (int)a.copied;
            int column = h.head * HEAD;
            int part = h.heads * HEAD;
            unsigned bytes = 2 * rows * WIDTH * sizeof(element);
            Stage s = stageOf(i, p.queryStages);
            Barrier *came = &p.barriers->queriesCame[s.number];
            await(&p.barriers->queriesLeft[s.number], s.parity ^ 1);
            arriveExpecting(came, bytes);
            copyRows(p.queries(i), &a.qkv, came, column, h.image, rows, atATime);
            copyRows(p.queries(i) + rows * WIDTH, &a.dContext, came, column, h.image, rows, atATime);
            s = stageOf(i, p.keyStages);
            came = &p.barriers->keysCame[s.number];
            await(&p.barriers->keysLeft[s.number], s.parity ^ 1);
            arriveExpecting(came, bytes);
            copyRows(p.keys(i), &a.qkv, came, part + column, h.image, rows, atATime);
            copyRows(p.keys(i) + rows * WIDTH, &a.qkv, came, 2 * part + column, h.image, rows, atATime);
        }
        __syncwarp();
    }
}

// Makes the numbers of each query, eight lanes those of one.
__device__ __forceinline__ void addNumbers(
    float *logs, const Head &h, const element *contexts, const float *logsOfAll, const element *dContexts, int rows,
    int thread) {
    int piece = thread % PIECES;
#pragma unroll 2
    for (int row = thread / PIECES; row < rows; row += COPY_WARPS * 32 / PIECES) {
        bool inside = row < h.tokens;
        uint4 c = *(const uint4 *)(contexts + h.context() + (long long)(inside ? row : 0) * h.contextStride() + piece * PIECE);
        uint4 d = *(const uint4 *)(dContexts + place(row, piece));
        float product = scalarProduct(c, d, 0);
        product += fromLane(product, 1);
        product += fromLane(product, 2);
        product += fromLane(product, 4);
        if (piece == 0) {
            logs[row] = inside ? logsOfAll[h.logs() + row] * LOG2E : INFINITY;
            logs[rows + row] = inside ? -product : 0;
        }
    }
}

// For three warps: completes heads that have come.
__device__ __forceinline__ void completeHeads(const HeadArguments &a, const HeadPlaces &p, int thread) {
    int items = (int)(a.images * a.heads);
    int i = 0;
    for (int item = blockIdx.x; item < items; item += gridDim.x, i++) {
        Head h = headAt(item, (int)a.tokens, (int)a.heads);
        Stage ofQueries = stageOf(i, p.queryStages);
        await(&p.barriers->queriesCame[ofQueries.number], ofQueries.parity);
        element *queries = p.queries(i);
        addNumbers(p.logs(i), h, a.context, a.logs, queries + p.rows * WIDTH, p.rows, thread);
        if (a.bias) {
            addBias(queries, h.bias(a.bias, 0), h.tokens, thread);
        }
        Stage ofKeys = stageOf(i, p.keyStages);
        await(&p.barriers->keysCame[ofKeys.number], ofKeys.parity);
        if (a.bias) {
            addBias(p.keys(i), h.bias(a.bias, 1), h.tokens, thread);
            addBias(p.keys(i) + p.rows * WIDTH, h.bias(a.bias, 2), h.tokens, thread);
        }
        showRows();
        tell(&p.barriers->ready[ofQueries.number]);
    }
}

// Writes 64 rows of a gradient, from `tile` on, and leaves their sums for the bias. For the four warps of a group at once.
__device__ __forceinline__ void storeTile(
    const HeadArguments &a, const Head &h, float *rows, const float (&sums)[1][COLUMNS][4], int part, int tile, float factor,
    int group) {
    int warp = threadIdx.x / 32 % 4;
    int first = tile + warp * STRIP;
    float ofRows[1][2] = {{factor, factor}};
    storeStrips<1, COLUMNS>(a.dQkv + h.part(part), h.qkvStride(), first, h.tokens, sums, ofRows);
    if (!a.bias) {
        return;
    }
    ColumnSums columns;
    columns.clear();
    columns.add<1>(sums, first, h.tokens);
    columns.put(rows + warp * WIDTH);
    meet(1 + group);
    int column = threadIdx.x % 128;
    if (column < HEAD) {
        int tiles = (h.tokens + TILE_ROWS - 1) / TILE_ROWS;
        long long at = ((long long)h.image * tiles + tile / TILE_ROWS) * 3 + part;
        float sum = rows[column] + rows[WIDTH + column] + rows[2 * WIDTH + column] + rows[3 * WIDTH + column];
        a.sums[(at * h.heads + h.head) * HEAD + column] = sum * factor;
    }
    meet(1 + group); // nobody reads them any more
}

// For four warps: every other tile of each head.
__device__ __forceinline__ void computeHeads(const HeadArguments &a, const HeadPlaces &p, int group) {
    int items = (int)(a.images * a.heads);
    int tiles = ((int)a.tokens + TILE_ROWS - 1) / TILE_ROWS;
    float *rows = p.sums + group * 2 * 4 * WIDTH;
    float factor = rsqrtf((float)HEAD);
    int i = 0;
    for (int item = blockIdx.x; item < items; item += gridDim.x, i++) {
        Head h = headAt(item, (int)a.tokens, (int)a.heads);
        Stage s = stageOf(i, p.queryStages);
        Barrier *queriesLeft = &p.barriers->queriesLeft[s.number];
        Barrier *keysLeft = &p.barriers->keysLeft[i % p.keyStages];
        HeadTiles r = p.tiles(i);
        await(&p.barriers->ready[s.number], s.parity);
        int unit = (i + group) % 2; // so that one four has not always the longer half
        for (; unit < tiles; unit += 2) {
            float dQueries[1][COLUMNS][4];
            queryTileGradient(
                dQueries, r, unit * TILE_ROWS, h.tokens, [&] { tell(queriesLeft); }, [&] { tell(keysLeft); });
            storeTile(a, h, rows, dQueries, 0, unit * TILE_ROWS, factor, group);
        }
        for (; unit < 2 * tiles; unit += 2) {
            int tile = (unit - tiles) * TILE_ROWS;
            KeyTile t;
            keyTileGradient(t, r, tile, h.tokens, [&] { tell(keysLeft); }, [&] { tell(queriesLeft); });
            storeTile(a, h, rows, t.dKeys, 1, tile, factor, group);
            storeTile(a, h, rows + 4 * WIDTH, t.dValues, 2, tile, 1, group);
        }
    }
}

// Gradients of queries, keys and values. Grid: as many blocks as work at a time. Shared memory: HeadPlaces at a multiple of 1024 bytes.
extern "C" __global__ void __launch_bounds__(GRADIENT_THREADS, 1)
    attention_head_together(const __grid_constant__ HeadArguments arguments) {
    extern __shared__ __align__(16) element shared[];
    HeadPlaces p = headPlaces(arguments, shared);
    if (threadIdx.x == 0) {
        fetchMap(&arguments.qkv);
        fetchMap(&arguments.dContext);
        int tiles = ((int)arguments.tokens + TILE_ROWS - 1) / TILE_ROWS;
        for (int i = 0; i < MOST_STAGES; i++) {
            prepare(&p.barriers->queriesCame[i], 1);
            prepare(&p.barriers->keysCame[i], 1);
            prepare(&p.barriers->queriesLeft[i], 4 * 2 * tiles); // warps, once for each tile of either side
            prepare(&p.barriers->keysLeft[i], 4 * 2 * tiles);
            prepare(&p.barriers->ready[i], COPY_WARPS);
        }
        showBarriers();
    }
    __syncthreads();
    if (threadIdx.x < 128) {
        leaveRegisters<56>();
        if (threadIdx.x < 32) {
            copyHeads(arguments, p);
        } else {
            completeHeads(arguments, p, threadIdx.x - 32);
        }
    } else {
        takeRegisters<224>();
        computeHeads(arguments, p, threadIdx.x / 128 - 1);
    }
}
