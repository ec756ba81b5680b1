// CUDA's execution model on one thread of a host: enough of it to run the kernels as they stand. The threads of a block are
// fibers that take turns at barriers, in an order drawn anew for each turn, so that what lacks a barrier reads other numbers in
// another order; instructions of a whole warp exchange operands through a place in memory and then compute by the lane
// layouts that the PTX ISA defines (sections on ldmatrix, mma.m16n8k16 and mma.m16n8k8).
#pragma once

#undef _FORTIFY_SOURCE // which takes a jump to another fiber's stack for an error
#include <setjmp.h>
#include <ucontext.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <numeric>
#include <random>
#include <vector>

#define EMULATED
#define __device__
#define __global__
#define __forceinline__ inline
#define __restrict__
#define __launch_bounds__(...)
#define __align__(n) alignas(n)

// Shared memory starts with garbage, as on a device: NaN, in each block anew.
#ifdef __ELF__
#define __shared__ static __attribute__((section("shared_memory")))
extern "C" char __start_shared_memory[] __attribute__((weak));
extern "C" char __stop_shared_memory[] __attribute__((weak));
#else
#define __shared__ static
static char *const __start_shared_memory = nullptr, *const __stop_shared_memory = nullptr;
#endif

using std::min;

struct Triple {
    int x, y, z;
};

struct __align__(8) uint2 {
    unsigned x, y;
};

struct __align__(16) uint4 {
    unsigned x, y, z, w;
};

struct __align__(8) float2 {
    float x, y;
};

struct __align__(16) float4 {
    float x, y, z, w;
};

static Triple threadIdx, blockIdx, blockDim, gridDim;
static std::vector<unsigned short> sharedMemory;

// ---- fibers

// A thread of a block, and of the blocks after it. Only its first turn needs a context, which costs calls of the system.
struct Fiber {
    ucontext_t context;
    jmp_buf turn;
    std::unique_ptr<char[]> stack;
    bool done;
};

constexpr int MOST_THREADS = 1024, STACK = 1 << 17;

static std::vector<Fiber> fibers(MOST_THREADS);
static jmp_buf scheduler;
static int current;
static int blockArrived, blockPhase, threadsOfBlock;
static long arrivals; // at barriers and ends
static std::mt19937 turns(11);

// What the lanes of a warp give each other. Two places take turns, so that one barrier is enough: whoever is at the next
// instruction leaves alone what others still read, and nobody is two ahead.
struct Exchange {
    uint32_t words[32][6];
    const unsigned short *rows[32];
};

struct Warp {
    int arrived, phase;
    Exchange exchanges[2];
};

static std::vector<Warp> warps;

static void yieldTurn() {
    if (!_setjmp(fibers[current].turn)) {
        _longjmp(scheduler, 1);
    }
    threadIdx.x = current;
}

static void barrier(int &arrived, int &phase, int count) {
    int mine = phase;
    arrivals++;
    if (++arrived == count) {
        arrived = 0;
        phase++;
        return;
    }
    while (phase == mine) {
        yieldTurn();
    }
}

inline void __syncthreads() {
    barrier(blockArrived, blockPhase, threadsOfBlock);
}

static Warp &warp() {
    return warps[current / 32];
}

inline void __syncwarp() {
    barrier(warp().arrived, warp().phase, 32);
}

// The place for the instruction that this lane is at; others see what is put there after a barrier.
static Exchange &exchange() {
    return warp().exchanges[warp().phase % 2];
}

static std::function<void()> body;

static void run() {
    for (;;) {
        threadIdx = {current, 0, 0};
        body();
        fibers[current].done = true;
        arrivals++;
        yieldTurn();
    }
}

static __attribute__((noinline)) void resume(Fiber &f) {
    if (_setjmp(scheduler)) {
        return;
    }
    if (f.stack) {
        _longjmp(f.turn, 1);
    }
    f.stack.reset(new char[STACK]);
    getcontext(&f.context);
    f.context.uc_stack.ss_sp = f.stack.get();
    f.context.uc_stack.ss_size = STACK;
    f.context.uc_link = nullptr;
    makecontext(&f.context, run, 0);
    setcontext(&f.context);
}

// Lets the lanes of a warp run in some order, each up to its next barrier, some times over, or until all of them wait for
// other warps. How many have come to their end.
static int turnOfWarp(int w, int times) {
    int ended = 0;
    for (long before = -1; times > 0 && before != arrivals; times--) {
        before = arrivals;
        unsigned order = turns() % 32;
        for (unsigned lane = 0; lane < 32; lane++) {
            Fiber &f = fibers[current = w * 32 + (lane ^ order)];
            if (!f.done) {
                resume(f);
                ended += f.done;
            }
        }
    }
    return ended;
}

// Runs a kernel for all blocks of a grid, one after the other. Warps take their turns in an order that changes all the time.
static void launch(Triple grid, int threads, size_t sharedElements, std::function<void()> kernel) {
    body = kernel;
    threadsOfBlock = threads;
    warps.assign(threads / 32, Warp{});
    blockDim = {threads, 1, 1};
    gridDim = grid;
    std::vector<int> order(threads / 32);
    std::iota(order.begin(), order.end(), 0);
    for (int z = 0; z < grid.z; z++) {
        for (int y = 0; y < grid.y; y++) {
            for (int x = 0; x < grid.x; x++) {
                blockIdx = {x, y, z};
                sharedMemory.assign(sharedElements, 0x7fc0); // NaN
                std::memset(__start_shared_memory, 0xff, __stop_shared_memory - __start_shared_memory);
                blockArrived = blockPhase = 0;
                for (int i = 0; i < threads; i++) {
                    fibers[i].done = false;
                }
                for (int left = threads; left > 0;) {
                    std::shuffle(order.begin(), order.end(), turns);
                    for (int w : order) {
                        left -= turnOfWarp(w, 1 + turns() % 64);
                    }
                }
            }
        }
    }
}

// ---- numbers

static float fromBits(uint32_t bits) {
    float x;
    std::memcpy(&x, &bits, 4);
    return x;
}

static float wide(unsigned short x) {
    return fromBits((uint32_t)x << 16);
}

static unsigned short rounded(float x) {
    uint32_t bits;
    std::memcpy(&bits, &x, 4);
    return (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}

inline float __int_as_float(int x) {
    return fromBits((uint32_t)x);
}

inline float rsqrtf(float x) {
    return 1 / std::sqrt(x);
}

inline uint32_t pack(float first, float second) {
    return rounded(first) | (uint32_t)rounded(second) << 16;
}

inline float inverseOf(float x) {
    return 1 / x;
}

inline float power2(float x) {
    return std::exp2(x);
}

inline float log2Of(float x) {
    return std::log2(x);
}

// ---- instructions

// A copy arrives when it is waited for and not before: who reads too early reads NaN or old values.
struct Copy {
    void *to;
    const void *from;
    size_t bytes;
    bool inside;
};

static std::vector<std::vector<Copy>> copies; // by thread

static std::vector<Copy> &copiesOfThread() {
    if (copies.size() < fibers.size()) {
        copies.resize(fibers.size());
    }
    return copies[current];
}

static long misplaced; // copies that do not begin at a multiple of their size

template <int BYTES> inline void copyAhead(void *shared, const void *global, bool inside) {
    misplaced += ((uintptr_t)shared | (uintptr_t)global) % BYTES != 0;
    copiesOfThread().push_back({shared, global, BYTES, inside});
}

inline void fetchAhead(const void *) {}

inline void awaitCopies() {
    for (auto &c : copiesOfThread()) {
        if (c.inside) {
            std::memcpy(c.to, c.from, c.bytes);
        } else {
            std::memset(c.to, 0, c.bytes);
        }
    }
    copiesOfThread().clear();
}

static long conflicts; // rows of one matrix whose 16 bytes lie in the same banks

static void countConflicts(const unsigned short *const *rows) {
    bool taken[8] = {};
    for (int i = 0; i < 8; i++) {
        bool &banks = taken[(uintptr_t)rows[i] / 16 % 8];
        conflicts += banks;
        banks = true;
    }
}

// Lane i of a matrix gets the elements 2 (i % 4) and 2 (i % 4) + 1 of row i / 4.
inline void matrices(uint32_t (&r)[4], const void *row, bool transposed) {
    Exchange &x = exchange();
    int lane = current % 32;
    x.rows[lane] = (const unsigned short *)row;
    __syncwarp();
    if (lane < 4) {
        countConflicts(x.rows + lane * 8);
    }
    for (int m = 0; m < 4; m++) {
        int i = lane / 4, j = lane % 4 * 2;
        unsigned short a = transposed ? x.rows[m * 8 + j][i] : x.rows[m * 8 + i][j];
        unsigned short b = transposed ? x.rows[m * 8 + j + 1][i] : x.rows[m * 8 + i][j + 1];
        r[m] = a | (uint32_t)b << 16;
    }
}

inline void loadMatrices(uint32_t (&r)[4], const void *row) {
    matrices(r, row, false);
}

inline void loadTransposed(uint32_t (&r)[4], const unsigned short *row) {
    matrices(r, row, true);
}

static float halfOf(uint32_t pair, int which) {
    return wide(which ? pair >> 16 : pair & 0xffff);
}

inline void multiply(float (&c)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1) {
    Exchange &x = exchange();
    int lane = current % 32;
    std::copy(a, a + 4, x.words[lane]);
    x.words[lane][4] = b0;
    x.words[lane][5] = b1;
    __syncwarp();
    for (int i = 0; i < 4; i++) {
        int row = lane / 4 + i / 2 * 8;
        int column = lane % 4 * 2 + i % 2;
        double sum = c[i];
        for (int k = 0; k < 16; k++) {
            // a0: rows 0-7, k 0-7; a1: rows 8-15; a2 and a3: the same with k 8-15. b0: k 0-7; b1: k 8-15.
            uint32_t left = x.words[row % 8 * 4 + k % 8 / 2][row / 8 + k / 8 * 2];
            uint32_t right = x.words[column * 4 + k % 8 / 2][4 + k / 8];
            sum += (double)halfOf(left, k % 2) * halfOf(right, k % 2);
        }
        c[i] = (float)sum;
    }
}

// A number with 10 bits behind the point, the nearest one; of two, the larger one.
inline uint32_t toTf32(float x) {
    uint32_t bits;
    std::memcpy(&bits, &x, 4);
    return (bits + 0x1000) & ~0x1fffu;
}

static long unrounded; // operands with more bits than TF32 has

inline void multiplyTf32(float (&c)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1) {
    Exchange &x = exchange();
    int lane = current % 32;
    std::copy(a, a + 4, x.words[lane]);
    x.words[lane][4] = b0;
    x.words[lane][5] = b1;
    for (uint32_t w : x.words[lane]) {
        unrounded += (w & 0x1fff) != 0;
    }
    __syncwarp();
    for (int i = 0; i < 4; i++) {
        int row = lane / 4 + i / 2 * 8;
        int column = lane % 4 * 2 + i % 2;
        double sum = c[i];
        for (int k = 0; k < 8; k++) {
            // a0: rows 0-7, k 0-3; a1: rows 8-15; a2 and a3: the same with k 4-7. b0: k 0-3; b1: k 4-7.
            uint32_t left = x.words[row % 8 * 4 + k % 4][row / 8 + k / 4 * 2];
            uint32_t right = x.words[column * 4 + k % 4][4 + k / 4];
            sum += (double)fromBits(left) * fromBits(right);
        }
        c[i] = (float)sum;
    }
}

inline float fromQuad(float value, int i) {
    Exchange &x = exchange();
    int lane = current % 32;
    std::memcpy(&x.words[lane][0], &value, 4);
    __syncwarp();
    return fromBits(x.words[lane / 4 * 4 + i][0]);
}

inline uint32_t fromLane(uint32_t word, int bits) {
    Exchange &x = exchange();
    int lane = current % 32;
    x.words[lane][0] = word;
    __syncwarp();
    return x.words[lane ^ bits][0];
}

inline float fromLane(float value, int bits) {
    uint32_t word;
    std::memcpy(&word, &value, 4);
    return fromBits(fromLane(word, bits));
}

inline bool anyLane(bool here) {
    Exchange &x = exchange();
    x.words[current % 32][0] = here;
    __syncwarp();
    return std::any_of(x.words, x.words + 32, [](auto &words) { return words[0] != 0; });
}
