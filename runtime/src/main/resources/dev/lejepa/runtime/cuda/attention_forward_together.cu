// The forward pass on sm_90 for heads of 64 that lie in shared memory as a whole. Blocks stay, each with every `gridDim.x`-th
// head: of its four times four warps the first let queries, keys and values come and add their bias, and three times four take
// turns at tiles of 64 queries, in the order of the heads. What they compute for one is that of `attention_together`.

#define FORWARD_THREADS 512
#define FORWARD_GROUPS 3

// What the kernel takes. Sizes are 64 bits each, as all arguments of ours.
struct ForwardArguments {
    TensorMap qkv;     // element [N, T, 3 H HEAD]
    const float *bias; // null for none
    element *context;
    float *logs;
    long long images; // N
    long long tokens; // T
    long long heads;  // H
    long long rows;   // of a head in shared memory: tokens and zeros
    long long copied; // rows at a time
    long long stages; // heads for which there is a place
};

// What shared memory holds behind the rows.
struct ForwardBarriers {
    Barrier came[MOST_STAGES];
    Barrier left[MOST_STAGES];
    Barrier ready[MOST_STAGES];
};

struct ForwardPlaces {
    ForwardBarriers *barriers;
    element *elements;
    int rows;
    int stages;

    // Queries (part 0), keys (1) or values (2) of the block's `i`-th head.
    __device__ __forceinline__ element *part(int i, int part) const {
        return elements + (i % stages * 3 + part) * rows * WIDTH;
    }
};

__device__ __forceinline__ ForwardPlaces forwardPlaces(const ForwardArguments &a, element *shared) {
    ForwardPlaces p;
    p.rows = (int)a.rows;
    p.stages = (int)a.stages;
    p.elements = shared + (1024 - sharedAddress(shared) % 1024) % 1024 / sizeof(element);
    p.barriers = (ForwardBarriers *)(p.elements + p.stages * 3 * p.rows * WIDTH);
    return p;
}

// For one thread: lets all heads of the block come, one after the other.
__device__ __forceinline__ void copyForward(const ForwardArguments &a, const ForwardPlaces &p) {
    int items = (int)(a.images * a.heads);
    int i = 0;
    for (int item = blockIdx.x; item < items; item += gridDim.x, i++) {
        Head h = headAt(item, (int)a.tokens, (int)a.heads);
        Stage s = stageOf(i, p.stages);
        Barrier *came = &p.barriers->came[s.number];
        await(&p.barriers->left[s.number], s.parity ^ 1);
        arriveExpecting(came, 3 * p.rows * WIDTH * sizeof(element));
        for (int part = 0; part < 3; part++) {
            int column = (part * h.heads + h.head) * HEAD;
            copyRows(p.part(i, part), &a.qkv, came, column, h.image, p.rows, (int)a.copied);
        }
    }
}

// For three warps: completes heads that have come.
__device__ __forceinline__ void completeForward(const ForwardArguments &a, const ForwardPlaces &p, int thread) {
    int items = (int)(a.images * a.heads);
    int i = 0;
    for (int item = blockIdx.x; item < items; item += gridDim.x, i++) {
        Head h = headAt(item, (int)a.tokens, (int)a.heads);
        Stage s = stageOf(i, p.stages);
        await(&p.barriers->came[s.number], s.parity);
        if (a.bias) {
            for (int part = 0; part < 3; part++) {
                addBias(p.part(i, part), h.bias(a.bias, part), h.tokens, thread);
            }
        }
        showRows();
        tell(&p.barriers->ready[s.number]);
    }
}

// Computes 64 queries, row `tile` and those below it.
__device__ __forceinline__ void attendTile(
    const Head &h, const ForwardArguments &a, const ForwardPlaces &p, int i, int tile) {
    int first = tile + threadIdx.x / 32 % 4 * STRIP;
    bool any = first < h.tokens;
    float scale = LOG2E * rsqrtf((float)HEAD);
    Strips<1> queries;
    keepStrip(queries, p.part(i, 0), first, p.rows);
    RunningSoftmax<1> state;
    state.clear();
    float sums[1][COLUMNS][4];
    fill<1, COLUMNS>(sums, 0);
    const element *keys = p.part(i, 1);
    const element *values = p.part(i, 2);
    int wide = inWideBlock(h.tokens);
    int inside = h.tokens;
    for (; inside > wide; inside -= BLOCK_ROWS) {
        advanceTogether<8, true>(state, sums, queries, keys, values, inside, scale, any);
        keys += BLOCK_ROWS * WIDTH;
        values += BLOCK_ROWS * WIDTH;
    }
    if (wide) {
        advanceTogether<10, true>(state, sums, queries, keys, values, inside, scale, any);
    }
    storeContext<1>(h, state, sums, a.context, a.logs, first, h.tokens);
}

// For four warps: every third tile.
__device__ __forceinline__ void computeForward(const ForwardArguments &a, const ForwardPlaces &p, int group) {
    int items = (int)(a.images * a.heads);
    int tiles = ((int)a.tokens + TILE_ROWS - 1) / TILE_ROWS;
    int i = 0;
    int next = group;
    for (int item = blockIdx.x; item < items; item += gridDim.x, i++) {
        Head h = headAt(item, (int)a.tokens, (int)a.heads);
        Stage s = stageOf(i, p.stages);
        await(&p.barriers->ready[s.number], s.parity);
        for (; next < tiles; next += FORWARD_GROUPS) {
            attendTile(h, a, p, i, next * TILE_ROWS);
        }
        next -= tiles;
        tell(&p.barriers->left[s.number]); // also who has no tile: a place must not be filled twice before all have seen it
    }
}

// As `attention`. Grid: as many blocks as work at a time. Shared memory: ForwardPlaces from a multiple of 1024 bytes on.
extern "C" __global__ void __launch_bounds__(FORWARD_THREADS, 1)
    attention_forward_together(const __grid_constant__ ForwardArguments arguments) {
    extern __shared__ __align__(16) element shared[];
    ForwardPlaces p = forwardPlaces(arguments, shared);
    if (threadIdx.x == 0) {
        fetchMap(&arguments.qkv);
        for (int i = 0; i < MOST_STAGES; i++) {
            prepare(&p.barriers->came[i], 1);
            prepare(&p.barriers->left[i], 4 * FORWARD_GROUPS); // warps
            prepare(&p.barriers->ready[i], COPY_WARPS);
        }
        showBarriers();
    }
    __syncthreads();
    if (threadIdx.x < 128) {
        leaveRegisters<56>();
        if (threadIdx.x == 0) {
            copyForward(arguments, p);
        } else if (threadIdx.x >= 32) {
            completeForward(arguments, p, threadIdx.x - 32);
        }
    } else {
        takeRegisters<152>();
        computeForward(arguments, p, threadIdx.x / 128 - 1);
    }
}
