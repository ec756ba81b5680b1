// Scaled dot-product attention of every token to every other, forward and backward, without scores of all pairs in
// memory (Dao, FlashAttention-2, arXiv:2307.08691). Compiled for one width of a head, WIDTH, a multiple of 16.
//
//   qkv      bfloat16 [N, T, 3, H, WIDTH]    queries, keys and values as one product makes them
//   context  bfloat16 [N, T, H, WIDTH]       softmax(q k^T / sqrt(WIDTH)) v
//   logs     float    [N, H, T]              logarithm of softmax's denominators, of the scaled scores
//
// A block of four warps computes a tile of 64 rows of one head of one image; a warp owns 16 of them. Products are
// bfloat16 with float sums (mma.m16n8k16); softmax stays in registers, where the sums of one product have the layout
// that the next product wants of its left operand.
//
// The backward pass has two kernels, one that walks over queries and sums up keys and values, and one that walks over
// keys and sums up queries. Scores are computed twice; in exchange nothing is added in memory by several blocks, so
// equal inputs give equal bits.

typedef unsigned short bf16;
typedef unsigned int word; // two of them, the first in the lower half

#define ROWS 64
#define WARPS 4
#define THREADS 128
#define STRIDE (WIDTH + 8) // 16 bytes more than a row, so that eight rows of a matrix fall into different banks
#define TILE (ROWS * STRIDE)
#define STEPS (WIDTH / 16)   // of a product over a head's width
#define COLUMNS (WIDTH / 8)  // of results as wide as a head, in units of 8
#define SCORES (ROWS / 8)    // columns of scores, in units of 8
#define LOG2E 1.4426950408889634f
#define LN2 0.6931471805599453f

#ifndef EMULATED
#define INFINITY __int_as_float(0x7f800000)

// Starts to copy 16 bytes to shared memory; zeros if they are outside of the tensor.
__device__ __forceinline__ void copyAhead(bf16 *shared, const bf16 *global, bool inside) {
    unsigned to = (unsigned)__cvta_generic_to_shared(shared);
    int bytes = inside ? 16 : 0;
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(to), "l"(global), "r"(bytes));
}

__device__ __forceinline__ void endGroup() {
    asm volatile("cp.async.commit_group;");
}

// Waits until all groups but the last `N` have arrived.
template <int N> __device__ __forceinline__ void awaitGroups() {
    asm volatile("cp.async.wait_group %0;" ::"n"(N));
}

// Four matrices of 8 x 8; each lane gives the address of one row of one of them.
__device__ __forceinline__ void loadMatrices(word (&r)[4], const bf16 *row) {
    unsigned from = (unsigned)__cvta_generic_to_shared(row);
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(from));
}

__device__ __forceinline__ void loadTransposed(word (&r)[4], const bf16 *row) {
    unsigned from = (unsigned)__cvta_generic_to_shared(row);
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(from));
}

// c += a b for 16 x 16 times 16 x 8.
__device__ __forceinline__ void multiply(float (&c)[4], const word (&a)[4], word b0, word b1) {
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
                 "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                 : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

__device__ __forceinline__ word pack(float first, float second) {
    word both;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(both) : "f"(second), "f"(first));
    return both;
}

__device__ __forceinline__ float power2(float x) {
    float y;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}

__device__ __forceinline__ float log2Of(float x) {
    float y;
    asm("lg2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}

// The value of the lane whose number differs in these bits.
__device__ __forceinline__ float fromLane(float x, int bits) {
    return __shfl_xor_sync(0xffffffffu, x, bits);
}
#endif

__device__ __forceinline__ float widened(bf16 x) {
    return __int_as_float((int)x << 16);
}

// ---- where things lie

// One head of one image.
struct Head {
    int tokens;
    int heads;
    int head;
    int image;

    // First element of queries (part 0), keys (1) or values (2); rows are `qkvStride` apart.
    __device__ long long part(int part) const {
        return ((long long)image * tokens * 3 + part) * heads * WIDTH + (long long)head * WIDTH;
    }

    __device__ long long context() const {
        return (long long)image * tokens * heads * WIDTH + (long long)head * WIDTH;
    }

    __device__ long long logs() const {
        return ((long long)image * heads + head) * tokens;
    }

    __device__ int qkvStride() const {
        return 3 * heads * WIDTH;
    }

    __device__ int contextStride() const {
        return heads * WIDTH;
    }
};

__device__ __forceinline__ Head thisHead(int tokens, int heads) {
    Head h;
    h.tokens = tokens;
    h.heads = heads;
    h.head = blockIdx.y;
    h.image = blockIdx.z;
    return h;
}

// Starts to copy rows `first ..` of a tensor into a tile.
__device__ __forceinline__ void loadTile(bf16 *tile, const bf16 *tensor, int stride, int first, int tokens) {
    for (int i = threadIdx.x; i < ROWS * (WIDTH / 8); i += THREADS) {
        int row = i / (WIDTH / 8);
        int column = i % (WIDTH / 8) * 8;
        bool inside = first + row < tokens;
        long long at = (long long)(inside ? first + row : 0) * stride + column;
        copyAhead(tile + row * STRIDE + column, tensor + at, inside);
    }
}

// Writes a warp's 16 rows, which it has put into its part of a tile.
__device__ __forceinline__ void storeRows(bf16 *tensor, int stride, int first, int tokens, const bf16 *rows) {
    __syncwarp();
    for (int i = threadIdx.x % 32; i < 16 * (WIDTH / 8); i += 32) {
        int row = i / (WIDTH / 8);
        int column = i % (WIDTH / 8) * 8;
        if (first + row < tokens) {
            *(uint4 *)(tensor + (long long)(first + row) * stride + column) =
                *(const uint4 *)(rows + row * STRIDE + column);
        }
    }
}

// Puts a warp's sums, times a factor for the upper and one for the lower eight rows, into its 16 rows of a tile.
__device__ __forceinline__ void putRows(bf16 *rows, const float (&sums)[COLUMNS][4], float upper, float lower) {
    int lane = threadIdx.x % 32;
    bf16 *at = rows + lane / 4 * STRIDE + lane % 4 * 2;
#pragma unroll
    for (int n = 0; n < COLUMNS; n++) {
        *(word *)(at + n * 8) = pack(sums[n][0] * upper, sums[n][1] * upper);
        *(word *)(at + 8 * STRIDE + n * 8) = pack(sums[n][2] * lower, sums[n][3] * lower);
    }
}

// ---- operands of products

// 16 rows of a tile as a left operand, columns `16 step ..`.
__device__ __forceinline__ void leftOperand(word (&a)[4], const bf16 *rows, int step) {
    int lane = threadIdx.x % 32;
    loadMatrices(a, rows + lane % 16 * STRIDE + step * 16 + lane / 16 * 8);
}

// 16 rows of a tile as columns of a right operand, columns `16 step ..` as its rows: for products with the transpose.
__device__ __forceinline__ void rightTransposed(word (&b)[4], const bf16 *rows, int step) {
    int lane = threadIdx.x % 32;
    loadMatrices(b, rows + (lane % 8 + lane / 16 * 8) * STRIDE + step * 16 + lane / 8 % 2 * 8);
}

// 16 rows of a tile as rows of a right operand, columns `16 pair ..` as its columns.
__device__ __forceinline__ void rightOperand(word (&b)[4], const bf16 *rows, int pair) {
    int lane = threadIdx.x % 32;
    loadTransposed(b, rows + lane % 16 * STRIDE + pair * 16 + lane / 16 * 8);
}

// scores = rows tile^T: 16 rows of one tile and all rows of another.
__device__ __forceinline__ void allScores(float (&scores)[SCORES][4], const bf16 *rows, const bf16 *tile) {
#pragma unroll
    for (int n = 0; n < SCORES; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            scores[n][i] = 0;
        }
    }
#pragma unroll
    for (int step = 0; step < STEPS; step++) {
        word a[4];
        leftOperand(a, rows, step);
#pragma unroll
        for (int n = 0; n < SCORES; n += 2) {
            word b[4];
            rightTransposed(b, tile + n * 8 * STRIDE, step);
            multiply(scores[n], a, b[0], b[1]);
            multiply(scores[n + 1], a, b[2], b[3]);
        }
    }
}

// sums += weights tile, the weights rounded.
__device__ __forceinline__ void addWeighted(
    float (&sums)[COLUMNS][4], const float (&weights)[SCORES][4], const bf16 *tile) {
#pragma unroll
    for (int k = 0; k < SCORES; k += 2) {
        word a[4] = {
            pack(weights[k][0], weights[k][1]),
            pack(weights[k][2], weights[k][3]),
            pack(weights[k + 1][0], weights[k + 1][1]),
            pack(weights[k + 1][2], weights[k + 1][3])};
#pragma unroll
        for (int n = 0; n < COLUMNS; n += 2) {
            word b[4];
            rightOperand(b, tile + k * 8 * STRIDE, n / 2);
            multiply(sums[n], a, b[0], b[1]);
            multiply(sums[n + 1], a, b[2], b[3]);
        }
    }
}

__device__ __forceinline__ void clear(float (&sums)[COLUMNS][4]) {
#pragma unroll
    for (int n = 0; n < COLUMNS; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            sums[n][i] = 0;
        }
    }
}

// ---- forward

// What the rows of a warp have seen so far: a lane holds a part of row `lane / 4` and of the eighth below it.
struct RunningSoftmax {
    float largest[2];
    float sum[2];
};

// Turns scores into exp2 of their distance to the largest score, and scales what was summed up before.
__device__ __forceinline__ void advance(
    RunningSoftmax &state, float (&scores)[SCORES][4], float (&sums)[COLUMNS][4], float scale) {
#pragma unroll
    for (int half = 0; half < 2; half++) {
        float largest = state.largest[half];
#pragma unroll
        for (int n = 0; n < SCORES; n++) {
            largest = fmaxf(largest, fmaxf(scores[n][2 * half], scores[n][2 * half + 1]));
        }
        largest = fmaxf(largest, fromLane(largest, 1));
        largest = fmaxf(largest, fromLane(largest, 2));
        float shrink = power2((state.largest[half] - largest) * scale);
        float sum = state.sum[half] * shrink;
#pragma unroll
        for (int n = 0; n < SCORES; n++) {
            for (int i = 2 * half; i < 2 * half + 2; i++) {
                scores[n][i] = power2((scores[n][i] - largest) * scale);
                sum += scores[n][i];
            }
        }
#pragma unroll
        for (int n = 0; n < COLUMNS; n++) {
            sums[n][2 * half] *= shrink;
            sums[n][2 * half + 1] *= shrink;
        }
        state.largest[half] = largest;
        state.sum[half] = sum;
    }
}

// Columns that no token stands for get the score `value`.
__device__ __forceinline__ void maskColumns(float (&scores)[SCORES][4], int first, int tokens, float value) {
    if (first + ROWS <= tokens) {
        return;
    }
    int column = first + threadIdx.x % 4 * 2;
#pragma unroll
    for (int n = 0; n < SCORES; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            if (column + n * 8 + i % 2 >= tokens) {
                scores[n][i] = value;
            }
        }
    }
}

// Grid: (tiles of queries, H, N). Shared memory: three tiles.
extern "C" __global__ void __launch_bounds__(THREADS) attention(
    const bf16 *__restrict__ qkv, bf16 *__restrict__ context, float *__restrict__ logs, int tokens, int heads) {
    extern __shared__ __align__(16) bf16 shared[];
    bf16 *queries = shared;
    bf16 *keys = queries + TILE;
    bf16 *values = keys + TILE;
    Head h = thisHead(tokens, heads);
    int warp = threadIdx.x / 32;
    int lane = threadIdx.x % 32;
    int first = blockIdx.x * ROWS;
    int stride = h.qkvStride();
    float scale = LOG2E * rsqrtf((float)WIDTH);

    loadTile(queries, qkv + h.part(0), stride, first, tokens);
    loadTile(keys, qkv + h.part(1), stride, 0, tokens);
    endGroup();
    RunningSoftmax state = {{-INFINITY, -INFINITY}, {0, 0}};
    float sums[COLUMNS][4];
    clear(sums);
    for (int at = 0; at < tokens; at += ROWS) {
        awaitGroups<0>();
        __syncthreads(); // keys are here, and nobody reads the values before
        loadTile(values, qkv + h.part(2), stride, at, tokens);
        endGroup();
        float scores[SCORES][4];
        allScores(scores, queries + warp * 16 * STRIDE, keys);
        awaitGroups<0>();
        __syncthreads(); // values are here, and nobody reads these keys any more
        if (at + ROWS < tokens) {
            loadTile(keys, qkv + h.part(1), stride, at + ROWS, tokens);
        }
        endGroup();
        maskColumns(scores, at, tokens, -INFINITY);
        advance(state, scores, sums, scale);
        addWeighted(sums, scores, values);
    }

    float factor[2];
#pragma unroll
    for (int half = 0; half < 2; half++) {
        float sum = state.sum[half];
        sum += fromLane(sum, 1);
        sum += fromLane(sum, 2);
        factor[half] = 1 / sum;
        int row = first + warp * 16 + half * 8 + lane / 4;
        if (lane % 4 == 0 && row < tokens) {
            logs[h.logs() + row] = LN2 * (state.largest[half] * scale + log2Of(sum));
        }
    }
    bf16 *own = queries + warp * 16 * STRIDE; // no other warp reads these rows
    putRows(own, sums, factor[0], factor[1]);
    storeRows(context + h.context(), h.contextStride(), first + warp * 16, tokens, own);
}

// ---- backward

// Scalar products of the rows of a context and its gradient, [N, H, T]. Grid: (rows of 4 tokens, H, N).
extern "C" __global__ void __launch_bounds__(THREADS) attention_row_products(
    const bf16 *__restrict__ context,
    const bf16 *__restrict__ dContext,
    float *__restrict__ products,
    int tokens,
    int heads) {
    Head h = thisHead(tokens, heads);
    int row = blockIdx.x * WARPS + threadIdx.x / 32;
    int lane = threadIdx.x % 32;
    bool inside = row < tokens;
    long long at = h.context() + (long long)(inside ? row : 0) * h.contextStride();
    float sum = 0;
    for (int i = lane; i < WIDTH; i += 32) {
        sum += widened(context[at + i]) * widened(dContext[at + i]);
    }
    for (int bits = 16; bits > 0; bits /= 2) {
        sum += fromLane(sum, bits);
    }
    if (lane == 0 && inside) {
        products[h.logs() + row] = sum;
    }
}

// Weights exp(score - log) and gradients of scores, weight (dWeight - product), in place. `rowwise`: logs and products
// belong to rows, else to columns.
__device__ __forceinline__ void scoreGradients(
    float (&weights)[SCORES][4],
    float (&dWeights)[SCORES][4],
    const float *logs,
    const float *products,
    int first,
    int tokens,
    float scale,
    bool rowwise) {
    int lane = threadIdx.x % 32;
#pragma unroll
    for (int n = 0; n < SCORES; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            int token = first + (rowwise ? lane / 4 + i / 2 * 8 : n * 8 + lane % 4 * 2 + i % 2);
            bool inside = token < tokens;
            float log = inside ? logs[token] * LOG2E : INFINITY;
            float product = inside ? products[token] : 0;
            weights[n][i] = power2(weights[n][i] * scale - log);
            dWeights[n][i] = weights[n][i] * (dWeights[n][i] - product);
        }
    }
}

// Gradients of keys and values. Grid: (tiles of keys, H, N). Shared memory: six tiles.
extern "C" __global__ void __launch_bounds__(THREADS) attention_keys_gradient(
    const bf16 *__restrict__ qkv,
    const bf16 *__restrict__ dContext,
    const float *__restrict__ logs,
    const float *__restrict__ products,
    bf16 *__restrict__ dQkv,
    int tokens,
    int heads) {
    extern __shared__ __align__(16) bf16 shared[];
    bf16 *keys = shared;
    bf16 *values = keys + TILE;
    bf16 *pairs = values + TILE; // queries and gradients of their context, of the tile now and of the next one
    Head h = thisHead(tokens, heads);
    int warp = threadIdx.x / 32;
    int first = blockIdx.x * ROWS;
    int stride = h.qkvStride();
    float scale = LOG2E * rsqrtf((float)WIDTH);
    const bf16 *ownKeys = keys + warp * 16 * STRIDE;
    const bf16 *ownValues = values + warp * 16 * STRIDE;

    loadTile(keys, qkv + h.part(1), stride, first, tokens);
    loadTile(values, qkv + h.part(2), stride, first, tokens);
    loadTile(pairs, qkv + h.part(0), stride, 0, tokens);
    loadTile(pairs + TILE, dContext + h.context(), h.contextStride(), 0, tokens);
    endGroup();
    float dKeys[COLUMNS][4];
    float dValues[COLUMNS][4];
    clear(dKeys);
    clear(dValues);
    int turn = 0;
    for (int at = 0; at < tokens; at += ROWS, turn ^= 1) {
        __syncthreads(); // nobody reads the tiles of the turn before
        if (at + ROWS < tokens) {
            bf16 *next = pairs + (turn ^ 1) * 2 * TILE;
            loadTile(next, qkv + h.part(0), stride, at + ROWS, tokens);
            loadTile(next + TILE, dContext + h.context(), h.contextStride(), at + ROWS, tokens);
        }
        endGroup();
        awaitGroups<1>();
        __syncthreads();
        const bf16 *queries = pairs + turn * 2 * TILE;
        const bf16 *dRows = queries + TILE;
        float weights[SCORES][4]; // [16 keys, 64 queries]
        float dWeights[SCORES][4];
        allScores(weights, ownKeys, queries);
        allScores(dWeights, ownValues, dRows);
        scoreGradients(
            weights, dWeights, logs + h.logs(), products + h.logs(), at, tokens, scale, false);
        addWeighted(dValues, weights, dRows);
        addWeighted(dKeys, dWeights, queries);
    }

    float factor = rsqrtf((float)WIDTH);
    bf16 *own = keys + warp * 16 * STRIDE;
    putRows(own, dKeys, factor, factor);
    storeRows(dQkv + h.part(1), stride, first + warp * 16, tokens, own);
    own = values + warp * 16 * STRIDE;
    putRows(own, dValues, 1, 1);
    storeRows(dQkv + h.part(2), stride, first + warp * 16, tokens, own);
}

// Gradients of queries. Grid: (tiles of queries, H, N). Shared memory: six tiles.
extern "C" __global__ void __launch_bounds__(THREADS) attention_queries_gradient(
    const bf16 *__restrict__ qkv,
    const bf16 *__restrict__ dContext,
    const float *__restrict__ logs,
    const float *__restrict__ products,
    bf16 *__restrict__ dQkv,
    int tokens,
    int heads) {
    extern __shared__ __align__(16) bf16 shared[];
    bf16 *queries = shared;
    bf16 *dRows = queries + TILE;
    bf16 *pairs = dRows + TILE; // keys and values, of the tile now and of the next one
    Head h = thisHead(tokens, heads);
    int warp = threadIdx.x / 32;
    int first = blockIdx.x * ROWS;
    int stride = h.qkvStride();
    float scale = LOG2E * rsqrtf((float)WIDTH);

    loadTile(queries, qkv + h.part(0), stride, first, tokens);
    loadTile(dRows, dContext + h.context(), h.contextStride(), first, tokens);
    loadTile(pairs, qkv + h.part(1), stride, 0, tokens);
    loadTile(pairs + TILE, qkv + h.part(2), stride, 0, tokens);
    endGroup();
    float dQueries[COLUMNS][4];
    clear(dQueries);
    int turn = 0;
    for (int at = 0; at < tokens; at += ROWS, turn ^= 1) {
        __syncthreads();
        if (at + ROWS < tokens) {
            bf16 *next = pairs + (turn ^ 1) * 2 * TILE;
            loadTile(next, qkv + h.part(1), stride, at + ROWS, tokens);
            loadTile(next + TILE, qkv + h.part(2), stride, at + ROWS, tokens);
        }
        endGroup();
        awaitGroups<1>();
        __syncthreads();
        const bf16 *keys = pairs + turn * 2 * TILE;
        float weights[SCORES][4]; // [16 queries, 64 keys]
        float dWeights[SCORES][4];
        allScores(weights, queries + warp * 16 * STRIDE, keys);
        allScores(dWeights, dRows + warp * 16 * STRIDE, keys + TILE);
        maskColumns(weights, at, tokens, -INFINITY);
        scoreGradients(
            weights, dWeights, logs + h.logs(), products + h.logs(), first + warp * 16, tokens, scale, true);
        addWeighted(dQueries, dWeights, keys);
    }

    float factor = rsqrtf((float)WIDTH);
    bf16 *own = queries + warp * 16 * STRIDE;
    putRows(own, dQueries, factor, factor);
    storeRows(dQkv + h.part(0), stride, first + warp * 16, tokens, own);
}
