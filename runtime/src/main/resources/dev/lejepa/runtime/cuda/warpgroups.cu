// Instructions of sm_90 that CUDA C++ has no name for: copies of whole tiles, barriers that count their bytes, and products of
// four warps (PTX ISA, sections on cp.async.bulk.tensor, mbarrier and wgmma). On a host without a device EMULATED is defined
// and others take their place.

struct __align__(64) TensorMap {
    unsigned long long words[16]; // as the driver encodes them
};

typedef unsigned long long Barrier; // in shared memory

#ifndef EMULATED
__device__ __forceinline__ unsigned sharedAddress(const void *shared) {
    return (unsigned)__cvta_generic_to_shared(shared);
}

// A barrier that opens when `count` threads have arrived and the bytes that they expect too. One thread prepares all.
__device__ __forceinline__ void prepare(Barrier *barrier, unsigned count) {
    asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(sharedAddress(barrier)), "r"(count) : "memory");
}

// Lets copies see barriers that were prepared.
__device__ __forceinline__ void showBarriers() {
    asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
    asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
}

__device__ __forceinline__ void arrive(Barrier *barrier) {
    asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(sharedAddress(barrier)) : "memory");
}

// Arrives, and lets the barrier wait for so many bytes.
__device__ __forceinline__ void arriveExpecting(Barrier *barrier, unsigned bytes) {
    asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(sharedAddress(barrier)), "r"(bytes)
                 : "memory");
}

// Waits until the barrier has opened for the turn of this parity: 0 for the first. Each try waits for some time itself; who
// waits for seconds waits for ever, and a fault ends what would else block the device.
__device__ __forceinline__ void await(Barrier *barrier, unsigned parity) {
    unsigned open = 0;
    for (unsigned tries = 0; !open; tries++) {
        asm volatile("{\n"
                     ".reg .pred p;\n"
                     "mbarrier.try_wait.parity.shared::cta.b64 p, [%1], %2;\n"
                     "selp.u32 %0, 1, 0, p;\n"
                     "}"
                     : "=r"(open)
                     : "r"(sharedAddress(barrier)), "r"(parity)
                     : "memory");
        if (tries > 1u << 26) {
            __trap();
        }
    }
}

// Starts to copy the tile at a column and a row of a matrix to shared memory; zeros where it has none. Rows of 128 bytes,
// whose pieces of 16 bytes are exchanged by the last three bits of the row's number.
__device__ __forceinline__ void copyTile(void *shared, const TensorMap *map, Barrier *barrier, int column, int row) {
    asm volatile("cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4}], [%2];" ::"r"(
                     sharedAddress(shared)),
                 "l"(map), "r"(sharedAddress(barrier)), "r"(column), "r"(row)
                 : "memory");
}

// The same for one image of a tensor of three dimensions: rows end with the image, and zeros follow.
__device__ __forceinline__ void copyTile(
    void *shared, const TensorMap *map, Barrier *barrier, int column, int row, int image) {
    asm volatile(
        "cp.async.bulk.tensor.3d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4, %5}], [%2];" ::"r"(
            sharedAddress(shared)),
        "l"(map), "r"(sharedAddress(barrier)), "r"(column), "r"(row), "r"(image)
        : "memory");
}

__device__ __forceinline__ void fetchMap(const TensorMap *map) {
    asm volatile("prefetch.tensormap [%0];" ::"l"(map) : "memory");
}

// Takes registers of a block's pool for each thread of four warps, or gives them back.
template <int COUNT> __device__ __forceinline__ void takeRegisters() {
    asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(COUNT));
}

template <int COUNT> __device__ __forceinline__ void leaveRegisters() {
    asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(COUNT));
}

// Waits for the other threads of four warps.
__device__ __forceinline__ void meet(int number) {
    asm volatile("bar.sync %0, 128;" ::"r"(number) : "memory");
}

// Before the first of some products, and behind the last.
__device__ __forceinline__ void beginProducts() {
    asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
}

__device__ __forceinline__ void endProducts() {
    asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
}

// Waits for all products but those between the last `LEFT` pairs of these.
template <int LEFT> __device__ __forceinline__ void awaitProducts() {
    asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(LEFT) : "memory");
}

// Keeps the compiler from moving what writes or reads a result across this place: products run on by themselves.
__device__ __forceinline__ void fix(float (&c)[64]) {
#pragma unroll
    for (int i = 0; i < 64; i++) {
        asm volatile("" : "+f"(c[i])::"memory");
    }
}

// c = a b, added to c if `add`, for 64 x 16 times 16 x 128; `ROWS`: whether b lies in rows of 128.
template <int ROWS>
__device__ __forceinline__ void multiply(float (&c)[64], unsigned long long a, unsigned long long b, int add) {
    asm volatile("{\n"
                 ".reg .pred p;\n"
                 "setp.ne.b32 p, %66, 0;\n"
                 "wgmma.mma_async.sync.aligned.m64n128k16.f32.bf16.bf16 {"
                 "%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "
                 "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, "
                 "%32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, "
                 "%48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63}, "
                 "%64, %65, p, 1, 1, 0, %67;\n"
                 "}"
            : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3]), "+f"(c[4]), "+f"(c[5]), "+f"(c[6]), "+f"(c[7]),
              "+f"(c[8]), "+f"(c[9]), "+f"(c[10]), "+f"(c[11]), "+f"(c[12]), "+f"(c[13]), "+f"(c[14]), "+f"(c[15]),
              "+f"(c[16]), "+f"(c[17]), "+f"(c[18]), "+f"(c[19]), "+f"(c[20]), "+f"(c[21]), "+f"(c[22]), "+f"(c[23]),
              "+f"(c[24]), "+f"(c[25]), "+f"(c[26]), "+f"(c[27]), "+f"(c[28]), "+f"(c[29]), "+f"(c[30]), "+f"(c[31]),
              "+f"(c[32]), "+f"(c[33]), "+f"(c[34]), "+f"(c[35]), "+f"(c[36]), "+f"(c[37]), "+f"(c[38]), "+f"(c[39]),
              "+f"(c[40]), "+f"(c[41]), "+f"(c[42]), "+f"(c[43]), "+f"(c[44]), "+f"(c[45]), "+f"(c[46]), "+f"(c[47]),
              "+f"(c[48]), "+f"(c[49]), "+f"(c[50]), "+f"(c[51]), "+f"(c[52]), "+f"(c[53]), "+f"(c[54]), "+f"(c[55]),
              "+f"(c[56]), "+f"(c[57]), "+f"(c[58]), "+f"(c[59]), "+f"(c[60]), "+f"(c[61]), "+f"(c[62]), "+f"(c[63])
            : "l"(a), "l"(b), "r"(add), "n"(ROWS));
}
#endif

// How a product finds an operand in shared memory: at an address, in rows of 128 bytes as copyTile leaves them, eight of
// them together. For rows of the sum's index `next` is from eight rows to the next, and `aside` nothing; for rows along the
// result's columns `next` is from eight rows of the sum's index to the next, and `aside` from 64 columns to the next.
__device__ __forceinline__ unsigned long long operandAt(unsigned address, unsigned aside, unsigned next) {
    return (unsigned long long)(address >> 4 & 0x3fff) | (unsigned long long)(aside >> 4) << 16 |
           (unsigned long long)(next >> 4) << 32 | 1ull << 62;
}
