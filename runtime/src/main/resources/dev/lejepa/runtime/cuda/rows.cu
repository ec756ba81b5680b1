// What generated kernels of formulas of rows begin with, after instructions.cu (RowCode writes the rest). All numbers are
// float in registers; tensors are float or bfloat16. Sums are added in an order that follows from sizes alone, so equal
// inputs give equal bits.

// ---- memory

template <typename T, int N> struct __align__(sizeof(T) * N) Vector {
    T elements[N];
};

// N neighbors, in pieces of at most 16 bytes.
template <int N> __device__ __forceinline__ void load(float (&x)[N], const float *from) {
#pragma unroll
    for (int i = 0; i < N; i += 4) {
        Vector<float, 4> v = *(const Vector<float, 4> *)(from + i);
#pragma unroll
        for (int j = 0; j < 4; j++) {
            x[i + j] = v.elements[j];
        }
    }
}

template <int N> __device__ __forceinline__ void load(float (&x)[N], const bf16 *from) {
    Vector<word, N / 2> v = *(const Vector<word, N / 2> *)from;
#pragma unroll
    for (int i = 0; i < N / 2; i++) {
        x[2 * i] = firstOf(v.elements[i]);
        x[2 * i + 1] = secondOf(v.elements[i]);
    }
}

__device__ __forceinline__ float load(const float *from) {
    return *from;
}

__device__ __forceinline__ float load(const bf16 *from) {
    return __int_as_float((int)*from << 16);
}

template <int N> __device__ __forceinline__ void store(float *to, const float (&x)[N]) {
#pragma unroll
    for (int i = 0; i < N; i += 4) {
        Vector<float, 4> v;
#pragma unroll
        for (int j = 0; j < 4; j++) {
            v.elements[j] = x[i + j];
        }
        *(Vector<float, 4> *)(to + i) = v;
    }
}

template <int N> __device__ __forceinline__ void store(bf16 *to, const float (&x)[N]) {
    Vector<word, N / 2> v;
#pragma unroll
    for (int i = 0; i < N / 2; i++) {
        v.elements[i] = pack(x[2 * i], x[2 * i + 1]);
    }
    *(Vector<word, N / 2> *)to = v;
}

// ---- functions

__device__ __forceinline__ float roundedToBf16(float x) {
    return firstOf(pack(x, 0));
}

__device__ __forceinline__ float signOf(float x) {
    return x > 0 ? 1.0f : x < 0 ? -1.0f : x;
}

__device__ __forceinline__ float positivePart(float x) {
    return x < 0 ? 0.0f : x;
}

// The normal distribution at x, and its density. Mills' ratio (1 - Phi(z)) / exp(-z^2 / 2) is a polynomial in
// 1 / (1 + 0.3 z), fitted for z up to 14 with a relative error of 6e-8; in float all is good to 1e-6.
__device__ __forceinline__ void normal(float x, float &cdf, float &density) {
    float t = inverseOf(fmaf(0.3f, fabsf(x), 1.0f));
    float e = power2(x * x * -0.72134752f); // log2(e) / 2
    float p = 0.03837830665f;
    p = fmaf(p, t, -0.16916619020f);
    p = fmaf(p, t, 0.22866023342f);
    p = fmaf(p, t, -0.07650663947f);
    p = fmaf(p, t, 0.14253562720f);
    p = fmaf(p, t, 0.09468348328f);
    p = fmaf(p, t, 0.12192035127f);
    p = fmaf(p, t, 0.11948768783f);
    p = fmaf(p, t, 7.16893254e-6f);
    float tail = p * e;
    cdf = x < 0 ? tail : 1.0f - tail;
    density = 0.39894228f * e;
}

__device__ __forceinline__ float gelu(float x) {
    float cdf, density;
    normal(x, cdf, density);
    return x * cdf;
}

__device__ __forceinline__ float geluGradient(float dy, float x) {
    float cdf, density;
    normal(x, cdf, density);
    return dy * fmaf(x, density, cdf);
}

// ---- sums

// The sum over the THREADS that share a row, in all of them. Every thread of a block must call.
template <int THREADS> __device__ __forceinline__ float rowSum(float x, float *shared) {
#pragma unroll
    for (int bits = (THREADS < 32 ? THREADS : 32) / 2; bits > 0; bits /= 2) {
        x += fromLane(x, bits);
    }
    if constexpr (THREADS > 32) {
        int warp = threadIdx.x / 32;
        if (threadIdx.x % 32 == 0) {
            shared[warp] = x;
        }
        __syncthreads();
        int first = warp / (THREADS / 32) * (THREADS / 32);
        x = 0;
#pragma unroll
        for (int i = 0; i < THREADS / 32; i++) {
            x += shared[first + i];
        }
        __syncthreads();
    }
    return x;
}

// Sums over the blocks of a kernel before: parts [blocks, some rows, columns] to those rows, each of which may be left
// out. A block has 32 columns.
extern "C" __global__ void __launch_bounds__(1024) add_parts(
    const float *parts, unsigned blocks, unsigned rows, unsigned columns, float *y0, float *y1, float *y2, float *y3) {
    __shared__ float partial[1024];
    unsigned column = blockIdx.x * 32 + threadIdx.x % 32;
    bool inside = column < rows * columns;
    float sum = 0;
    if (inside) {
#pragma unroll 8
        for (unsigned b = threadIdx.x / 32; b < blocks; b += 32) {
            sum += parts[(unsigned long long)b * rows * columns + column];
        }
    }
    partial[threadIdx.x] = sum;
    __syncthreads();
    if (threadIdx.x < 32 && inside) {
        sum = 0;
        for (unsigned i = 0; i < 32; i++) {
            sum += partial[i * 32 + threadIdx.x];
        }
        unsigned row = column / columns;
        float *y = row == 0 ? y0 : row == 1 ? y1 : row == 2 ? y2 : y3;
        if (y) {
            y[column % columns] = sum;
        }
    }
}
