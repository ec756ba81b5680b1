// Attention on floats, whether products round them or not.

#define WIDTH ((HEAD + 15) / 16 * 16) // that is computed on
typedef float element;
typedef float4 Piece;                     // 16 bytes
#define KEPT_STRIPS (WIDTH <= 64 ? 2 : 1) // of a warp in shared memory, as far as its registers go for their results

// A piece and its bias, if there is one, as operands.
__device__ __forceinline__ Piece completed(Piece x, const float *bias) {
    Piece b = bias ? *(const Piece *)bias : Piece{0, 0, 0, 0};
    return Piece{operand(x.x + b.x), operand(x.y + b.y), operand(x.z + b.z), operand(x.w + b.w)};
}
