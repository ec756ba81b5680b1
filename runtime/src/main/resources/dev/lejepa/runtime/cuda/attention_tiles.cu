// Scaled dot-product attention of every token to every other, forward and backward, without scores of all pairs in
// memory (Dao, FlashAttention-2, arXiv:2307.08691). Compiled for one width of a head, HEAD, 256 at most, and computed on
// WIDTH, the next multiple of 16: what is beyond HEAD is zero.
//
//   qkv      element [N, T, 3, H, HEAD]    queries, keys and values as one product makes them
//   bias     float   [3, H, HEAD]          of that product, if it is still to be added: sums are rounded as qkv is
//   context  element [N, T, H, HEAD]       softmax(q k^T / sqrt(HEAD)) v
//   logs     float   [N, H, T]             logarithm of softmax's denominators, of the scaled scores
//
// Work is counted in strips of 16 tokens. A warp owns one strip or two, whose rows are left operands of its products; two
// share what is read of the other side, whose rows lie in shared memory, all of them if they fit (`chunk` of them
// otherwise, one chunk after the other). What happens between two products stays in registers, where the sums of one have
// the layout of the next one's left operand. There are three kinds of products, each in files of its own:
//
//   bfloat16  mma.m16n8k16 with float sums; a warp keeps its strips in registers
//   TF32      mma.m16n8k8 with float sums, on floats that are rounded when they come to shared memory, also a warp's strips
//   float     of single lanes, as floats are; the same places
//
// The backward pass is one kernel where a head of bfloat16 fits into shared memory as a whole, and otherwise two: one that
// walks over keys and sums up queries, and one that walks over queries and sums up keys and values, where scores are
// computed twice. In neither is anything added in memory by several warps, so equal inputs give equal bits. With a bias each block
// also leaves the sums of its results over tokens, which one more kernel adds up: the bias's gradient.

// Wide heads are those of which a warp's registers hold the sums of one strip alone: the strips that it multiplies lie in shared
// memory whatever they are made of, and gradients of keys and of values are summed up one after the other.

#define STRIP 16
#define WIDTH ((HEAD + 15) / 16 * 16) // that is computed on
#define WIDE (WIDTH > 128)
#define WARPS (WIDE && sizeof(element) == 4 ? 2 : 4) // whose strips shared memory has room for
#define THREADS (32 * WARPS)
#define COLUMNS (WIDTH / 8) // of results as wide as a head, in units of 8
#define LOG2E 1.4426950408889634f
#define LN2 0.6931471805599453f

// ---- where things lie

// One head of one image.
struct Head {
    int tokens;
    int heads;
    int head;
    int image;

    // First element of queries (part 0), keys (1) or values (2); rows are `qkvStride` apart.
    __device__ long long part(int part) const {
        return ((long long)image * tokens * 3 + part) * heads * HEAD + (long long)head * HEAD;
    }

    // The bias of a part, if there is one.
    __device__ const float *bias(const float *ofAll, int part) const {
        return ofAll ? ofAll + (part * heads + head) * HEAD : nullptr;
    }

    // Where the block leaves the sums of a part over its tokens: a row of [3, H, HEAD] for each block of the head.
    __device__ long long sums(int part) const {
        return ((long long)image * gridDim.x + blockIdx.x) * 3 * heads * HEAD + (part * heads + head) * HEAD;
    }

    __device__ long long context() const {
        return (long long)image * tokens * heads * HEAD + (long long)head * HEAD;
    }

    __device__ long long logs() const {
        return ((long long)image * heads + head) * tokens;
    }

    __device__ int qkvStride() const {
        return 3 * heads * HEAD;
    }

    __device__ int contextStride() const {
        return heads * HEAD;
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

// Strips of a warp: `from` to before `to`. All warps of a head get `most`, or one less. Which ones get less changes from
// block to block: a warp's number is also the part of the processor that computes it.
struct Share {
    int from;
    int to;
    int most;
};

__device__ __forceinline__ Share thisWarp(int tokens) {
    int strips = (tokens + STRIP - 1) / STRIP;
    int parts = gridDim.x * WARPS;
    unsigned turn = (blockIdx.z * gridDim.y + blockIdx.y) * 0x9e3779b1u >> 30;
    int part = blockIdx.x * WARPS + (threadIdx.x / 32 + turn) % WARPS;
    Share s;
    s.from = part * strips / parts;
    s.to = (part + 1) * strips / parts;
    s.most = (strips + parts - 1) / parts;
    return s;
}

// ---- rows in shared memory

// The 16-byte pieces of a row are permuted so that eight rows of a matrix fall into different banks. Eight rows follow eight
// others; of those whose width is a multiple of 128 bytes the first 128 bytes of all come first, as products of four warps
// want them.
#define PIECE (16 / (int)sizeof(element))
#define PIECES (WIDTH / PIECE)
#define STEPS (PIECES / 2) // of a product over a head's width
#define STEPS_AT_ONCE (WIDE ? 2 : STEPS) // of those whose operands are in registers
#define TURNS (PIECES % 8 == 0 ? 8 : PIECES % 4 == 0 ? 4 : 2)

__device__ __forceinline__ int place(int row, int piece) {
    if (TURNS == 8) {
        return row / 8 * 8 * WIDTH + (piece / 8 * 64 + row % 8 * 8 + (piece ^ row) % 8) * PIECE;
    }
    return row * WIDTH + (piece ^ row / (8 / TURNS) % TURNS) * PIECE;
}

// As many numbers of a row, 16 bytes at most, as begin at a multiple of their size wherever the row does.
#define GRAIN (HEAD % PIECE == 0 ? PIECE : HEAD % 4 == 0 ? 4 : HEAD % 2 == 0 ? 2 : 1)
#define GRAINS (WIDTH / GRAIN)
#define UNITS (GRAIN * (int)sizeof(element) / (int)sizeof(Unit))

// How many of a row's `columns` follow the one that is `within` a unit of 8 that begins at column `unit`. Where heads are whole units,
// that is known when the code is compiled.
__device__ __forceinline__ int columnsFrom(int unit, int within, int columns) {
    return columns - unit - (HEAD % 8 == 0 ? 0 : within);
}

struct __align__(GRAIN * sizeof(element)) Grain {
    Unit units[UNITS];
};

struct __align__(GRAIN < 4 ? 4 * GRAIN : 16) GrainBias {
    float of[GRAIN];
};

__device__ __forceinline__ Grain *grainAt(element *rows, int row, int column) {
    return (Grain *)(rows + place(row, column / PIECE) + column % PIECE);
}

// Starts to copy rows `first ..` of a tensor, zeros after the last token and beyond its head. Each of `threads` copies its share.
__device__ __forceinline__ void loadRows(
    element *rows, const element *tensor, int stride, int first, int count, int tokens, int thread, int threads) {
    for (int i = thread; i < count * GRAINS; i += threads) {
        int row = i / GRAINS;
        int column = i % GRAINS * GRAIN;
        bool inside = first + row < tokens && column < HEAD;
        long long at = (long long)(inside ? first + row : 0) * stride + column;
        copyAhead<sizeof(Grain)>(grainAt(rows, row, column), tensor + at, inside);
    }
}

// Completes the grains of rows that a thread has copied, once they have arrived: adds the bias, if there is one, and rounds
// them to operands.
__device__ __forceinline__ void complete(
    element *rows, const float *bias, int first, int count, int tokens, int thread, int threads) {
    if (!bias && !ROUNDED) {
        return;
    }
    for (int i = thread; i < count * GRAINS; i += threads) {
        int row = i / GRAINS;
        int column = i % GRAINS * GRAIN;
        if (first + row < tokens && column < HEAD) {
            Grain *at = grainAt(rows, row, column);
            GrainBias b = bias ? *(const GrainBias *)(bias + column) : GrainBias{};
            Grain x = *at;
#pragma unroll
            for (int j = 0; j < UNITS; j++) {
                x.units[j] = completed(x.units[j], b.of + j * (GRAIN / UNITS));
            }
            *at = x;
        }
    }
}

// Shared memory begins with rows that warps keep for themselves, of as many tensors as `sides` says; the block's follow.
#define KEPT (KEPT_STRIPS * STRIP * WIDTH) // elements of a side

__device__ __forceinline__ element *rowsOfWarp(element *shared, int sides) {
    return shared + threadIdx.x / 32 * sides * KEPT;
}

__device__ __forceinline__ element *rowsOfBlock(element *shared, int sides) {
    return shared + WARPS * sides * KEPT;
}

// Rows of two tensors that lie in shared memory at a time, `one` before `other`: all of them, or one chunk after the other.
struct Chunks {
    element *one;
    element *other;
    const element *oneTensor;
    const element *otherTensor;
    const float *oneBias; // null for none
    const float *otherBias;
    int oneStride;
    int otherStride;
    int tokens;
    int size; // rows of a chunk, a multiple of 16
    bool all;

    // Tokens of the chunk from row `first` on.
    __device__ int inside(int first) const {
        return min(size, tokens - first);
    }

    // Its rows, whole strips.
    __device__ int count(int first) const {
        return (inside(first) + STRIP - 1) / STRIP * STRIP;
    }

    __device__ __forceinline__ void start(int first) const {
        loadRows(one, oneTensor, oneStride, first, count(first), tokens, threadIdx.x, THREADS);
        loadRows(other, otherTensor, otherStride, first, count(first), tokens, threadIdx.x, THREADS);
    }

    // Waits for what this thread copied, and completes it.
    __device__ __forceinline__ void finish(int first) const {
        awaitCopies();
        complete(one, oneBias, first, count(first), tokens, threadIdx.x, THREADS);
        complete(other, otherBias, first, count(first), tokens, threadIdx.x, THREADS);
    }

    // For all warps of a block at once.
    __device__ __forceinline__ void load(int first) const {
        __syncthreads(); // nobody reads the chunk before
        start(first);
        finish(first);
        __syncthreads();
    }
};
