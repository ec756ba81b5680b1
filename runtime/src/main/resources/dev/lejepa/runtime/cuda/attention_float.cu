// Attention on floats, whether products round them or not.

typedef float element;
typedef float Unit;                       // which begins at a multiple of its size wherever a row does
typedef float4 Piece;                     // 16 bytes
#define KEPT_STRIPS (WIDTH <= 64 ? 2 : 1) // of a warp in shared memory, as far as its registers go for their results

// A number and what is added to it, as an operand.
__device__ __forceinline__ float completed(float x, const float *bias) {
    return operand(x + bias[0]);
}

// sum + the scalar product of two rows' numbers.
__device__ __forceinline__ float scalarProduct(float4 one, float4 other, float sum) {
    sum += one.x * other.x;
    sum += one.y * other.y;
    sum += one.z * other.z;
    return sum + one.w * other.w;
}
