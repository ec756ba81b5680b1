// AdamW (Loshchilov & Hutter, arXiv:1711.05101; the formulas are those of torch.optim.AdamW) of UPDATES weights, a piece of
// one with each block, after instructions.cu and what UpdateCode writes. Results may lie where operands lie: a thread reads
// what it needs before it writes.

struct Source {
    const float *rate;
    const long long *step;
};

struct Update {
    const float *weight, *moment1, *moment2;
    float *newWeight, *newMoment1, *newMoment2;
    const void *gradient; // bf16 if narrow
    bf16 *copy;           // of the new weight, or null
    unsigned long long size;
    unsigned first; // block
    unsigned short settings;
    unsigned char narrow;
    unsigned char vectors; // whether vectors of 4 may be read
};

struct Table {
    Source sources[SETTINGS];
    Update updates[UPDATES];
};

// What all elements of a weight have in common.
struct Common {
    float beta1, rest1, beta2, rest2, epsilon, unit, rate, decay;
};

__device__ __forceinline__ Common commonOf(const Settings &s, const Source &from) {
    double beta1 = 1 - s.rest1, beta2 = 1 - s.rest2;
    double step = (double)*from.step, rate = *from.rate;
    Common c;
    c.beta1 = (float)beta1;
    c.rest1 = (float)s.rest1;
    c.beta2 = (float)beta2;
    c.rest2 = (float)s.rest2;
    c.epsilon = s.epsilon;
    c.unit = (float)sqrt(1 - pow(beta2, step));
    c.rate = (float)(rate / (1 - pow(beta1, step)));
    c.decay = (float)(1 - rate * s.decay);
    return c;
}

__device__ __forceinline__ void update(const Common &c, float g, float &w, float &m, float &v) {
    m = m * c.beta1 + g * c.rest1;
    v = v * c.beta2 + g * g * c.rest2;
    w = w * c.decay - m / (sqrtf(v) / c.unit + c.epsilon) * c.rate;
}

struct __align__(16) Four {
    float x[4];
};

struct __align__(8) Halves {
    word x[2];
};

__device__ __forceinline__ float gradientAt(const Update &u, unsigned long long i) {
    return u.narrow ? __int_as_float((int)((const bf16 *)u.gradient)[i] << 16) : ((const float *)u.gradient)[i];
}

__device__ __forceinline__ Four gradientsAt(const Update &u, unsigned long long i) {
    if (!u.narrow) {
        return *(const Four *)((const float *)u.gradient + i);
    }
    Halves h = *(const Halves *)((const bf16 *)u.gradient + i);
    return {firstOf(h.x[0]), secondOf(h.x[0]), firstOf(h.x[1]), secondOf(h.x[1])};
}

extern "C" __global__ void __launch_bounds__(THREADS) update_weights(const __grid_constant__ Table table) {
    unsigned low = 0, high = UPDATES;
    while (high - low > 1) {
        unsigned middle = (low + high) / 2;
        if (table.updates[middle].first <= blockIdx.x) {
            low = middle;
        } else {
            high = middle;
        }
    }
    const Update u = table.updates[low];
    __shared__ Common common;
    if (threadIdx.x == 0) {
        common = commonOf(allSettings[u.settings], table.sources[u.settings]);
    }
    __syncthreads();
    const Common c = common;
    const unsigned long long begin = (unsigned long long)(blockIdx.x - u.first) * CHUNK;
    const unsigned long long end = begin + CHUNK < u.size ? begin + CHUNK : u.size;
    const unsigned long long vectorsEnd = u.vectors ? begin + (end - begin) / 4 * 4 : begin;
    for (unsigned long long i = begin + threadIdx.x * 4; i < vectorsEnd; i += THREADS * 4) {
        Four w = *(const Four *)(u.weight + i);
        Four m = *(const Four *)(u.moment1 + i);
        Four v = *(const Four *)(u.moment2 + i);
        Four g = gradientsAt(u, i);
#pragma unroll
        for (int j = 0; j < 4; j++) {
            update(c, g.x[j], w.x[j], m.x[j], v.x[j]);
        }
        *(Four *)(u.newWeight + i) = w;
        *(Four *)(u.newMoment1 + i) = m;
        *(Four *)(u.newMoment2 + i) = v;
        if (u.copy) {
            *(Halves *)(u.copy + i) = {pack(w.x[0], w.x[1]), pack(w.x[2], w.x[3])};
        }
    }
    for (unsigned long long i = vectorsEnd + threadIdx.x; i < end; i += THREADS) {
        float w = u.weight[i], m = u.moment1[i], v = u.moment2[i];
        update(c, gradientAt(u, i), w, m, v);
        u.newWeight[i] = w;
        u.newMoment1[i] = m;
        u.newMoment2[i] = v;
        if (u.copy) {
            u.copy[i] = (bf16)pack(w, 0);
        }
    }
}
