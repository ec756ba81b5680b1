// Products of bfloat16 matrices [ROWS, DEPTH] and [COLUMNS, DEPTH] or, if B_ROWS, [DEPTH, COLUMNS], whose tiles a formula
// takes out of registers (ProductCode writes it: `computeRow`), after instructions.cu, rows.cu and warpgroups.cu.
//
// Four warps copy, of which one thread has work; twice four take turns at tiles of 128 x 128: while the one multiply, the
// others compute the formula of theirs. Operands come in pieces of 64 of the sum's index, for which shared memory has STAGES
// places. Tiles of the same rows follow each other, so what is read again is in the second-level cache.

const int TILE = 128;
const int PIECE = 64;                     // of the sum's index
const int STEP = 16;                      // that one instruction takes
const int OPERAND = TILE * PIECE * 2;     // bytes
const int HALF = OPERAND / 2;             // 64 rows, or columns
const int EIGHT_ROWS = 8 * 128;           // bytes
const int PIECES = (DEPTH + PIECE - 1) / PIECE;
const int ACROSS = (COLUMNS + TILE - 1) / TILE;
const long long TILES = (long long)ACROSS * ((ROWS + TILE - 1) / TILE);

struct __align__(1024) Places {
    unsigned char a[STAGES][OPERAND];
    unsigned char b[STAGES][OPERAND];
    float sums[2][4][TILE]; // of both groups' warps
    Barrier full[STAGES];
    Barrier empty[STAGES];
    Barrier multiplied[2]; // by the group, all of a tile
};

// The place and the turn of the next piece.
struct Turn {
    int stage;
    unsigned parity;

    __device__ __forceinline__ void next() {
        if (++stage == STAGES) {
            stage = 0;
            parity ^= 1;
        }
    }

    __device__ __forceinline__ void skip(int pieces) {
        int ahead = stage + pieces;
        parity ^= ahead / STAGES & 1;
        stage = ahead % STAGES;
    }
};

__device__ __forceinline__ void copyAll(const Arguments &arguments, Places &places) {
    Turn turn = {0, 1}; // places are empty at first
    for (long long tile = blockIdx.x; tile < TILES; tile += gridDim.x) {
        int row = (int)(tile / ACROSS) * TILE, column = (int)(tile % ACROSS) * TILE;
        for (int k = 0; k < DEPTH; k += PIECE, turn.next()) {
            Barrier *full = &places.full[turn.stage];
            await(&places.empty[turn.stage], turn.parity);
            arriveExpecting(full, 2 * OPERAND);
            copyTile(places.a[turn.stage], &arguments.a, full, k, row);
            if (B_ROWS) {
                copyTile(places.b[turn.stage], &arguments.b, full, column, k);
                copyTile(places.b[turn.stage] + HALF, &arguments.b, full, column + TILE / 2, k);
            } else {
                copyTile(places.b[turn.stage], &arguments.b, full, k, column);
            }
        }
    }
}

// Each of four warps arrives once.
__device__ __forceinline__ void tell(Barrier *barrier) {
    if (threadIdx.x % 32 == 0) {
        arrive(barrier);
    }
}

// A tile in two halves of 64 rows. The groups take turns: who waits for a piece must have seen the turn of its place before.
__device__ __forceinline__ void multiplyAll(float (&c)[2][64], Places &places, Turn &turn, int group, unsigned parity) {
    await(&places.multiplied[1 - group], parity);
    int before = 0;
    for (int piece = 0; piece < PIECES; piece++) {
        await(&places.full[turn.stage], turn.parity);
        unsigned a = sharedAddress(places.a[turn.stage]), b = sharedAddress(places.b[turn.stage]);
        fix(c[0]);
        fix(c[1]);
        beginProducts();
#pragma unroll
        for (int step = 0; step < PIECE / STEP; step++) {
            unsigned long long right = B_ROWS ? operandAt(b + step * 2 * EIGHT_ROWS, HALF, EIGHT_ROWS)
                                              : operandAt(b + step * STEP * 2, 0, EIGHT_ROWS);
#pragma unroll
            for (int half = 0; half < 2; half++) {
                multiply<B_ROWS>(
                    c[half], operandAt(a + half * HALF + step * STEP * 2, 0, EIGHT_ROWS), right, piece + step > 0);
            }
        }
        endProducts();
        if (piece > 0) { // the products before are done, and these run on
            awaitProducts<1>();
            tell(&places.empty[before]);
        }
        before = turn.stage;
        turn.next();
    }
    tell(&places.multiplied[group]);
    awaitProducts<0>();
    fix(c[0]);
    fix(c[1]);
    tell(&places.empty[before]);
}

// Exchanges words within four lanes: word i of lane j becomes word j of lane i.
__device__ __forceinline__ void turnAround(word (&w)[4]) {
    bool odd = threadIdx.x & 1, high = threadIdx.x & 2;
    word x = fromLane(odd ? w[0] : w[1], 1), y = fromLane(odd ? w[2] : w[3], 1);
    if (odd) {
        w[0] = x;
        w[2] = y;
    } else {
        w[1] = x;
        w[3] = y;
    }
    x = fromLane(high ? w[0] : w[2], 2);
    y = fromLane(high ? w[1] : w[3], 2);
    if (high) {
        w[0] = x;
        w[1] = y;
    } else {
        w[2] = x;
        w[3] = y;
    }
}

// Rounds a tile, lets `computeRow` have eight neighbors of a row at a time, and adds up sums over the tile's rows.
__device__ __forceinline__ void finishAll(
    const Arguments &arguments, const float (&c)[2][64], float (&warps)[4][TILE], int group, long long tile) {
    const int warp = threadIdx.x / 32 % 4, lane = threadIdx.x % 32;
    const unsigned firstRow = (unsigned)(tile / ACROSS) * TILE, firstColumn = (unsigned)(tile % ACROSS) * TILE;
    float sums[SUMS > 0 ? SUMS : 1][4][8];
#pragma unroll
    for (int part = 0; part < 4; part++) {
        const unsigned column = firstColumn + part * 32 + lane % 4 * 8;
#pragma unroll
        for (int s = 0; s < SUMS; s++) {
#pragma unroll
            for (int j = 0; j < 8; j++) {
                sums[s][part][j] = 0;
            }
        }
#pragma unroll
        for (int half = 0; half < 2; half++) {
#pragma unroll
            for (int eight = 0; eight < 2; eight++) {
                word w[4];
#pragma unroll
                for (int j = 0; j < 4; j++) {
                    const int at = (part * 4 + j) * 4 + eight * 2;
                    w[j] = pack(c[half][at], c[half][at + 1]);
                }
                turnAround(w);
                const unsigned row = firstRow + half * 64 + warp * 16 + eight * 8 + lane / 4;
                if (row < ROWS && column < COLUMNS) {
                    float x[8];
#pragma unroll
                    for (int j = 0; j < 4; j++) {
                        x[2 * j] = firstOf(w[j]);
                        x[2 * j + 1] = secondOf(w[j]);
                    }
                    computeRow(arguments, row, column, x, sums, part);
                }
            }
        }
    }
#pragma unroll
    for (int s = 0; s < SUMS; s++) {
#pragma unroll
        for (int part = 0; part < 4; part++) {
#pragma unroll
            for (int j = 0; j < 8; j++) {
                float x = sums[s][part][j];
                x += fromLane(x, 4);
                x += fromLane(x, 8);
                x += fromLane(x, 16);
                if (lane < 4) {
                    warps[warp][part * 32 + lane * 8 + j] = x;
                }
            }
        }
        meet(1 + group);
        const unsigned at = threadIdx.x % TILE;
        if (firstColumn + at < COLUMNS) {
            arguments.parts[((unsigned long long)(tile / ACROSS) * SUMS + s) * COLUMNS + firstColumn + at] =
                warps[0][at] + warps[1][at] + warps[2][at] + warps[3][at];
        }
        meet(1 + group);
    }
}

extern "C" __global__ void __launch_bounds__(384, 1) product(const __grid_constant__ Arguments arguments) {
    extern __shared__ unsigned char shared[];
    Places &places = *(Places *)(shared + (1024 - sharedAddress(shared) % 1024) % 1024);
    if (threadIdx.x == 0) {
        fetchMap(&arguments.a);
        fetchMap(&arguments.b);
        for (int i = 0; i < STAGES; i++) {
            prepare(&places.full[i], 1);
            prepare(&places.empty[i], 4); // warps that multiply a piece
        }
        prepare(&places.multiplied[0], 4);
        prepare(&places.multiplied[1], 4);
        showBarriers();
    }
    __syncthreads();
    if (threadIdx.x < 128) {
        leaveRegisters<40>();
        if (threadIdx.x == 0) {
            copyAll(arguments, places);
        }
    } else {
        takeRegisters<232>();
        const int group = threadIdx.x / 128 - 1;
        Turn turn = {0, 0};
        turn.skip(group * PIECES);
        unsigned parity = 1 - group; // nobody is before the first tile
        for (long long tile = blockIdx.x + (long long)group * gridDim.x; tile < TILES; tile += 2 * gridDim.x) {
            float c[2][64];
            multiplyAll(c, places, turn, group, parity);
            parity ^= 1;
            finishAll(arguments, c, places.sums[group], group, tile);
            turn.skip(PIECES);
        }
    }
}
