// Instructions of a warp that CUDA C++ has no name for: copies that run ahead, matrices of 8 x 8 and their products
// (PTX ISA, sections on cp.async, ldmatrix, mma.m16n8k16 and mma.m16n8k8), and approximate functions. On a host without a device
// EMULATED is defined and others take their place.

typedef unsigned short bf16;
typedef unsigned int word; // two of them, the first in the lower half

#ifndef EMULATED
#define INFINITY __int_as_float(0x7f800000)

// Starts to copy 4, 8 or 16 bytes, which begin at multiples of so many, to shared memory; zeros if they are outside of the
// tensor. There are no such copies of 2 bytes, which are read and written.
template <int BYTES> __device__ __forceinline__ void copyAhead(void *shared, const void *global, bool inside) {
    unsigned to = (unsigned)__cvta_generic_to_shared(shared);
    int bytes = inside ? BYTES : 0;
    if (BYTES == 16) {
        asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(to), "l"(global), "r"(bytes) : "memory");
    } else if (BYTES >= 4) {
        asm volatile("cp.async.ca.shared.global [%0], [%1], %3, %2;" ::"r"(to), "l"(global), "r"(bytes),
                     "n"(BYTES < 4 ? 4 : BYTES)
                     : "memory");
    } else {
        *(unsigned short *)shared = inside ? *(const unsigned short *)global : 0;
    }
}

// Waits until all copies that this thread started have arrived.
__device__ __forceinline__ void awaitCopies() {
    asm volatile("cp.async.wait_all;" ::: "memory");
}

// Starts to read the 128 bytes around an address into the second-level cache.
__device__ __forceinline__ void fetchAhead(const void *global) {
    asm volatile("prefetch.global.L2 [%0];" ::"l"(global));
}

// Four matrices of eight rows of 16 bytes; each lane gives the address of one row of one of them, and gets a word of each.
__device__ __forceinline__ void loadMatrices(word (&r)[4], const void *row) {
    unsigned from = (unsigned)__cvta_generic_to_shared(row);
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(from));
}

// The same for matrices of 8 x 8 bfloat16, transposed.
__device__ __forceinline__ void loadTransposed(word (&r)[4], const bf16 *row) {
    unsigned from = (unsigned)__cvta_generic_to_shared(row);
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(from));
}

// c += a b for 16 x 16 times 16 x 8, of bfloat16.
__device__ __forceinline__ void multiply(float (&c)[4], const word (&a)[4], word b0, word b1) {
    asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
        "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

// c += a b for 16 x 8 times 8 x 8, of TF32.
__device__ __forceinline__ void multiplyTf32(float (&c)[4], const word (&a)[4], word b0, word b1) {
    asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 "
        "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

// A number with 10 bits behind the point, the nearest one.
__device__ __forceinline__ word toTf32(float x) {
    word y;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(y) : "f"(x));
    return y;
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

// 1 / x, to two units of the last place
__device__ __forceinline__ float inverseOf(float x) {
    float y;
    asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
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

__device__ __forceinline__ word fromLane(word x, int bits) {
    return __shfl_xor_sync(0xffffffffu, x, bits);
}

// The value of the `i`-th of the four lanes whose numbers have the same quotient by 4.
__device__ __forceinline__ float fromQuad(float x, int i) {
    return __shfl_sync(0xffffffffu, x, i, 4);
}

__device__ __forceinline__ bool anyLane(bool x) {
    return __any_sync(0xffffffffu, x);
}
#endif

__device__ __forceinline__ float firstOf(word both) {
    return __int_as_float((int)(both << 16));
}

__device__ __forceinline__ float secondOf(word both) {
    return __int_as_float((int)(both & 0xffff0000u));
}
