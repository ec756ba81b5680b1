// What blocks that stay have in common, which on sm_90 compute heads of 64 that lie in shared memory as a whole, one after the
// other: four warps copy, and others take turns at tiles of 64 rows. They meet the other side in blocks of 64, of which the last
// may have 80.

#define TILE_ROWS (4 * STRIP)
#define BLOCK_ROWS 64
#define MOST_STAGES 4
#define COPY_WARPS 3 // that complete what one more lets come

// Tokens of a last block of up to 80 rows, which saves one of 16; 0 where none is so.
__device__ __forceinline__ int inWideBlock(int tokens) {
    int over = tokens % BLOCK_ROWS;
    return tokens > BLOCK_ROWS && over > 0 && over <= STRIP ? BLOCK_ROWS + over : 0;
}

// The place of a block's `i`-th head, and its turn there.
struct Stage {
    int number;
    unsigned parity;
};

__device__ __forceinline__ Stage stageOf(int i, int stages) {
    return Stage{i % stages, (unsigned)(i / stages & 1)};
}

__device__ __forceinline__ Head headAt(int item, int tokens, int heads) {
    Head h;
    h.tokens = tokens;
    h.heads = heads;
    h.head = item % heads;
    h.image = item / heads;
    return h;
}

// Lets a barrier know that all lanes of this warp are where it is.
__device__ __forceinline__ void tell(Barrier *barrier) {
    __syncwarp();
    if (threadIdx.x % 32 == 0) {
        arrive(barrier);
    }
}

// Starts to copy rows of a head, `atATime` of them, whose barrier expects them already.
__device__ __forceinline__ void copyRows(
    element *to, const TensorMap *map, Barrier *barrier, int column, int image, int rows, int atATime) {
    for (int row = 0; row < rows; row += atATime) {
        copyTile(to + row * WIDTH, map, barrier, column, row, image);
    }
}

// Adds the bias to rows of tokens. Each thread has a piece of every twelfth row.
__device__ __forceinline__ void addBias(element *rows, const float *bias, int tokens, int thread) {
    int piece = thread % PIECES;
    GrainBias own = *(const GrainBias *)(bias + piece * PIECE);
#pragma unroll 2
    for (int row = thread / PIECES; row < tokens; row += COPY_WARPS * 32 / PIECES) {
        Grain *at = grainAt(rows, row, piece * PIECE);
        Grain x = *at;
#pragma unroll
        for (int j = 0; j < UNITS; j++) {
            x.units[j] = completed(x.units[j], own.of + j * (GRAIN / UNITS));
        }
        *at = x;
    }
}

// This warp's strip of a tile. Where the head has none it is the last one, of which nothing is kept.
__device__ __forceinline__ void keepStrip(Strips<1> &strip, const element *rows, int first, int count) {
#pragma unroll
    for (int step = 0; step < STEPS; step++) {
        leftOperand(strip.of[0][step], rows + min(first, count - STRIP) * WIDTH, step);
    }
}
