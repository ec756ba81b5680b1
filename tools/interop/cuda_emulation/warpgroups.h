// Instructions of sm_90 on emulated warps: copies of tiles arrive at any time before what waits for them goes on, and products
// are computed as late as may be, when they are waited for. So a place that is left too early holds what comes after.
#pragma once

#include <map>

#include "emulation.h"

#define __grid_constant__

struct OpenBarrier {
    unsigned count, left, turn;
    long bytes;
};

static std::map<const void *, OpenBarrier> openBarriers;

static void look(OpenBarrier &b) {
    if (b.left == 0 && b.bytes == 0) {
        b.left = b.count;
        b.turn++;
        arrivals++;
    }
}

inline unsigned sharedAddress(const void *shared) {
    return (uintptr_t)shared - ((uintptr_t)sharedMemory.data() & ~(uintptr_t)1023);
}

static unsigned char *atAddress(unsigned address) {
    return (unsigned char *)((uintptr_t)sharedMemory.data() & ~(uintptr_t)1023) + address;
}

inline void prepare(unsigned long long *barrier, unsigned count) {
    openBarriers[barrier] = {count, count, 0, 0};
}

inline void showBarriers() {}

inline void arrive(unsigned long long *barrier) {
    OpenBarrier &b = openBarriers.at(barrier);
    b.left--;
    arrivals++;
    look(b);
}

inline void arriveExpecting(unsigned long long *barrier, unsigned bytes) {
    openBarriers.at(barrier).bytes += bytes;
    arrive(barrier);
}

// ---- copies

struct Tile {
    unsigned char *to;
    const unsigned long long *map; // address, columns, rows, columns and rows of a tile
    void *barrier;
    int column, row, image; // of as many rows each
};

static std::vector<Tile> underWay;

static void deliver() {
    if (underWay.empty() || turns() % 2) {
        return;
    }
    size_t which = turns() % underWay.size();
    Tile t = underWay[which];
    underWay.erase(underWay.begin() + which);
    auto from = (const unsigned short *)t.map[0];
    long columns = t.map[1], rows = t.map[2], width = t.map[3], height = t.map[4];
    for (long i = 0; i < height; i++) {
        for (long j = 0; j < width; j++) {
            bool inside = t.row + i < rows && t.column + j < columns;
            uintptr_t at = (uintptr_t)t.to + i * 128 + j * 2;
            at ^= (at >> 7 & 7) << 4;
            *(unsigned short *)at = inside ? from[(t.image * rows + t.row + i) * columns + t.column + j] : 0;
        }
    }
    OpenBarrier &b = openBarriers.at(t.barrier);
    b.bytes -= height * width * 2;
    arrivals++;
    look(b);
}

inline void copyTile(
    void *shared, const void *map, unsigned long long *barrier, int column, int row, int image = 0) {
    underWay.push_back({(unsigned char *)shared, (const unsigned long long *)map, barrier, column, row, image});
}

inline void fetchMap(const void *) {}

inline void await(unsigned long long *barrier, unsigned parity) {
    while (openBarriers.at(barrier).turn % 2 == parity) {
        deliver();
        if (openBarriers.at(barrier).turn % 2 == parity) {
            yieldTurn();
        }
    }
}

// ---- four warps

static int meetings[16], meetingPhases[16];

inline void meet(int number) {
    barrier(meetings[number], meetingPhases[number], 128);
}

template <int COUNT> void takeRegisters() {}

template <int COUNT> void leaveRegisters() {}

struct LateProduct {
    float *c;
    int count; // of results
    unsigned long long a, b;
    bool add, rows;
    int group;
    std::vector<float> own; // of the left operand, both rows of the results: empty if it is in shared memory
};

struct Products {
    std::vector<LateProduct> open;
    int begun, ended;
};

static std::vector<Products> lateProducts(MOST_THREADS); // by thread

inline void beginProducts() {}

inline void fix(float (&)[64]) {}

inline void endProducts() {
    lateProducts[current].ended++;
}

template <int ROWS> void multiply(float (&c)[64], unsigned long long a, unsigned long long b, int add) {
    Products &p = lateProducts[current];
    p.open.push_back({c, 64, a, b, add != 0, ROWS != 0, p.ended, {}});
}

// Lanes of a warp give each other the left operand's rows of their results.
template <int ROWS, int N>
void multiplyKept(float (&c)[N][4], const uint32_t (&a)[4], unsigned long long b, int add) {
    Exchange &x = exchange();
    int lane = current % 32;
    std::copy(a, a + 4, x.words[lane]);
    __syncwarp();
    std::vector<float> own(32);
    for (int i = 0; i < 32; i++) {
        int k = i % 16;
        own[i] = halfOf(x.words[lane / 4 * 4 + k % 8 / 2][i / 16 + k / 8 * 2], k % 2);
    }
    Products &p = lateProducts[current];
    p.open.push_back({&c[0][0], 4 * N, 0, b, add != 0, ROWS != 0, p.ended, own});
}

template <class T> void release(T &) {}

inline void showRows() {}

static float operandElement(unsigned long long operand, bool rows, int i, int k) {
    unsigned address = (operand & 0x3fff) << 4, aside = (operand >> 16 & 0x3fff) << 4, next = (operand >> 32 & 0x3fff) << 4;
    unsigned at = rows ? address + i / 64 * aside + k / 8 * next + k % 8 * 128 + i % 64 * 2
                       : address + i / 8 * next + i % 8 * 128 + k * 2;
    at ^= (at >> 7 & 7) << 4;
    return wide(*(unsigned short *)atAddress(at));
}

// Lane j of warp w has rows 16 w + j / 4 and 8 further, of each eight columns two.
static void computeNow(const LateProduct &p) {
    int warp = current / 32 % 4, lane = current % 32;
    for (int n = 0; n < p.count; n++) {
        int row = warp * 16 + lane / 4 + n / 2 % 2 * 8;
        int column = n / 4 * 8 + lane % 4 * 2 + n % 2;
        double sum = p.add ? p.c[n] : 0;
        for (int k = 0; k < 16; k++) {
            float left = p.own.empty() ? operandElement(p.a, false, row, k) : p.own[n / 2 % 2 * 16 + k];
            sum += (double)left * operandElement(p.b, p.rows, column, k);
        }
        p.c[n] = (float)sum;
    }
}

template <int LEFT> void awaitProducts() {
    Products &p = lateProducts[current];
    auto done = p.open.begin();
    for (; done != p.open.end() && done->group < p.ended - LEFT; done++) {
        computeNow(*done);
    }
    p.open.erase(p.open.begin(), done);
}
