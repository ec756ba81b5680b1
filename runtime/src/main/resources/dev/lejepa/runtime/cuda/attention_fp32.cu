// Attention on floats: what lies in memory.

#define ROUNDED false

__device__ __forceinline__ float operand(float x) {
    return x;
}
