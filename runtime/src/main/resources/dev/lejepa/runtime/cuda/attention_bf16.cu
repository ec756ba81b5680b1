// Attention on bfloat16: what lies in memory.

typedef bf16 element;
typedef uint4 Piece;                 // 16 bytes
#define ROUNDED false                // elements are operands as they are
#define KEPT_STRIPS (WIDE ? 1 : 0)   // of a warp in shared memory; those of other heads are in registers

// What begins at a multiple of its size wherever a row does.
#if HEAD % 2
typedef bf16 Unit;
#else
typedef word Unit;
#endif

// Numbers and what is added to them, rounded.
__device__ __forceinline__ bf16 completed(bf16 x, const float *bias) {
    return (bf16)pack(firstOf(x) + bias[0], 0);
}

__device__ __forceinline__ word completed(word both, const float *bias) {
    return pack(firstOf(both) + bias[0], secondOf(both) + bias[1]);
}

// sum + the scalar product of two rows' numbers.
__device__ __forceinline__ float scalarProduct(bf16 one, bf16 other, float sum) {
    return sum + firstOf(one) * firstOf(other);
}

__device__ __forceinline__ float scalarProduct(word one, word other, float sum) {
    sum += firstOf(one) * firstOf(other);
    return sum + secondOf(one) * secondOf(other);
}

__device__ __forceinline__ float scalarProduct(uint4 one, uint4 other, float sum) {
    sum = scalarProduct(one.x, other.x, sum);
    sum = scalarProduct(one.y, other.y, sum);
    sum = scalarProduct(one.z, other.z, sum);
    return scalarProduct(one.w, other.w, sum);
}
