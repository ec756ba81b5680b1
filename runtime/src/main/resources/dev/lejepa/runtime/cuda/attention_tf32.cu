// Attention on floats that products round to TF32: what lies in memory.

#define ROUNDED true

__device__ __forceinline__ float operand(float x) {
    return __int_as_float((int)toTf32(x));
}
