// Attention on bfloat16: what lies in memory.

#define WIDTH ((HEAD + 15) / 16 * 16) // that is computed on
typedef bf16 element;
typedef uint4 Piece;  // 16 bytes
#define ROUNDED false // elements are operands as they are
#define KEPT_STRIPS 0 // of a warp in shared memory; they are in registers

// Two numbers and what is added to them, rounded.
__device__ __forceinline__ word plus(word both, float first, float second) {
    return pack(firstOf(both) + first, secondOf(both) + second);
}

// A piece and its bias, rounded.
__device__ __forceinline__ Piece completed(Piece x, const float *bias) {
    float4 low = *(const float4 *)bias;
    float4 high = *(const float4 *)(bias + 4);
    return Piece{
        plus(x.x, low.x, low.y), plus(x.y, low.z, low.w), plus(x.z, high.x, high.y), plus(x.w, high.z, high.w)};
}
