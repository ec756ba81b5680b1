// Kernels for maps [N, H, W, C] of bfloat16 and for filters, after instructions.cu and rows.cu: what stands around cuDNN's
// convolutions, and pooling. A thread has N neighboring channels of one place; sums are taken in float, in an order that
// the window gives.

// A window that moves over maps.
struct Window {
    unsigned rows, columns, channels;         // of the maps
    unsigned resultRows, resultColumns;       // places of the window
    unsigned height, width;                   // of the window
    unsigned rowStride, columnStride;
    unsigned top, left;                       // outside of the maps, at the first place
};

template <int N> __device__ __forceinline__ void loadChannels(float (&x)[N], const bf16 *from) {
    load(x, from);
}

template <> __device__ __forceinline__ void loadChannels<1>(float (&x)[1], const bf16 *from) {
    x[0] = load(from);
}

template <int N> __device__ __forceinline__ void storeChannels(bf16 *to, const float (&x)[N]) {
    store(to, x);
}

template <> __device__ __forceinline__ void storeChannels<1>(bf16 *to, const float (&x)[1]) {
    *to = (bf16)pack(x[0], 0);
}

// ---- filters

__device__ __forceinline__ void convert(bf16 *to, bf16 x) {
    *to = x;
}

__device__ __forceinline__ void convert(float *to, bf16 x) {
    *to = __int_as_float((int)x << 16);
}

// Matrices of `rows` x `columns` into matrices of `columns` x `rows`.
template <typename T>
__device__ __forceinline__ void transpose(T *to, const bf16 *from, unsigned size, unsigned rows, unsigned columns) {
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < size; i += gridDim.x * blockDim.x) {
        unsigned matrix = i / (rows * columns);
        unsigned column = i / rows % columns;
        unsigned row = i % rows;
        convert(to + i, from[(matrix * rows + row) * columns + column]);
    }
}

extern "C" __global__ void transpose_filters(bf16 *to, const bf16 *from, unsigned size, unsigned rows, unsigned columns) {
    transpose(to, from, size, rows, columns);
}

extern "C" __global__ void widen_filters(float *to, const bf16 *from, unsigned size, unsigned rows, unsigned columns) {
    transpose(to, from, size, rows, columns);
}

// ---- biases

// Adds a row to all rows, which are rounded again.
extern "C" __global__ void add_bias(bf16 *rows, const float *bias, unsigned long long size, unsigned columns) {
    unsigned long long step = (unsigned long long)gridDim.x * blockDim.x;
    for (unsigned long long i = (unsigned long long)blockIdx.x * blockDim.x + threadIdx.x; i < size; i += step) {
        float sum[1] = {load(rows + i) + bias[i % columns]};
        storeChannels(rows + i, sum);
    }
}

// ---- pooling

// Where thread i of all works: image, row and column of what it writes, and its first channel.
struct Place {
    unsigned long long image;
    unsigned row, column, channel;
};

template <int N>
__device__ __forceinline__ Place placeOf(unsigned long long i, unsigned rows, unsigned columns, unsigned channels) {
    unsigned vectors = channels / N;
    Place p;
    p.channel = (unsigned)(i % vectors) * N;
    unsigned long long place = i / vectors;
    p.column = (unsigned)(place % columns);
    p.row = (unsigned)(place / columns % rows);
    p.image = place / columns / rows;
    return p;
}

// The first place of the window that reaches a row (or column) of the maps, and the place behind the last.
__device__ __forceinline__ unsigned firstPlace(unsigned row, unsigned before, unsigned length, unsigned stride) {
    return row + before < length ? 0 : (row + before - length) / stride + 1;
}

__device__ __forceinline__ unsigned endOfPlaces(unsigned row, unsigned before, unsigned stride, unsigned places) {
    return min((row + before) / stride + 1, places);
}

// Rows (or columns) of the window at a place that lie within the maps: from `begin` to `end`.
__device__ __forceinline__ void inside(
    unsigned place, unsigned stride, unsigned before, unsigned length, unsigned size, unsigned &begin, unsigned &end) {
    unsigned start = place * stride; // in the padded maps
    begin = start < before ? before - start : 0;
    end = min(length, size + before - start);
}

template <int N> __device__ __forceinline__ const bf16 *at(const bf16 *maps, Place p, unsigned row, unsigned column,
                                                           unsigned rows, unsigned columns, unsigned channels) {
    return maps + ((p.image * rows + row) * columns + column) * channels + p.channel;
}

template <int N, bool MEAN>
__device__ __forceinline__ void pool(bf16 *y, const bf16 *x, unsigned long long vectors, const Window &w) {
    unsigned long long step = (unsigned long long)gridDim.x * blockDim.x;
    for (unsigned long long i = (unsigned long long)blockIdx.x * blockDim.x + threadIdx.x; i < vectors; i += step) {
        Place p = placeOf<N>(i, w.resultRows, w.resultColumns, w.channels);
        unsigned firstRow, endRow, firstColumn, endColumn;
        inside(p.row, w.rowStride, w.top, w.height, w.rows, firstRow, endRow);
        inside(p.column, w.columnStride, w.left, w.width, w.columns, firstColumn, endColumn);
        float best[N];
        for (int j = 0; j < N; j++) {
            best[j] = MEAN ? 0 : -INFINITY;
        }
        for (unsigned r = firstRow; r < endRow; r++) {
            for (unsigned c = firstColumn; c < endColumn; c++) {
                float value[N];
                loadChannels(value, at<N>(x, p, p.row * w.rowStride + r - w.top, p.column * w.columnStride + c - w.left,
                                          w.rows, w.columns, w.channels));
                for (int j = 0; j < N; j++) {
                    best[j] = MEAN ? best[j] + value[j] : value[j] > best[j] ? value[j] : best[j];
                }
            }
        }
        if (MEAN) {
            for (int j = 0; j < N; j++) {
                best[j] /= (float)(w.height * w.width); // what lies outside of the maps counts as zero
            }
        }
        storeChannels(y + i * N, best);
    }
}

// Each element of the maps takes the gradients of the places where it is the first of the largest.
template <int N>
__device__ __forceinline__ void maxGradient(
    bf16 *dx, const bf16 *dy, const bf16 *x, unsigned long long vectors, const Window &w) {
    unsigned long long step = (unsigned long long)gridDim.x * blockDim.x;
    for (unsigned long long i = (unsigned long long)blockIdx.x * blockDim.x + threadIdx.x; i < vectors; i += step) {
        Place p = placeOf<N>(i, w.rows, w.columns, w.channels);
        float own[N], sum[N];
        loadChannels(own, x + i * N);
        for (int j = 0; j < N; j++) {
            sum[j] = 0;
        }
        unsigned endRow = endOfPlaces(p.row, w.top, w.rowStride, w.resultRows);
        unsigned endColumn = endOfPlaces(p.column, w.left, w.columnStride, w.resultColumns);
        for (unsigned row = firstPlace(p.row, w.top, w.height, w.rowStride); row < endRow; row++) {
            for (unsigned col = firstPlace(p.column, w.left, w.width, w.columnStride); col < endColumn; col++) {
                unsigned r0, r1, c0, c1;
                inside(row, w.rowStride, w.top, w.height, w.rows, r0, r1);
                inside(col, w.columnStride, w.left, w.width, w.columns, c0, c1);
                bool first[N];
                for (int j = 0; j < N; j++) {
                    first[j] = true;
                }
                for (unsigned r = r0; r < r1; r++) {
                    for (unsigned c = c0; c < c1; c++) {
                        unsigned mapRow = row * w.rowStride + r - w.top;
                        unsigned mapColumn = col * w.columnStride + c - w.left;
                        bool before = mapRow < p.row || (mapRow == p.row && mapColumn < p.column);
                        float value[N];
                        loadChannels(value, at<N>(x, p, mapRow, mapColumn, w.rows, w.columns, w.channels));
                        for (int j = 0; j < N; j++) {
                            first[j] = first[j] && !(before ? value[j] >= own[j] : value[j] > own[j]);
                        }
                    }
                }
                float gradient[N];
                loadChannels(gradient, at<N>(dy, p, row, col, w.resultRows, w.resultColumns, w.channels));
                for (int j = 0; j < N; j++) {
                    sum[j] += first[j] ? gradient[j] : 0;
                }
            }
        }
        storeChannels(dx + i * N, sum);
    }
}

template <int N>
__device__ __forceinline__ void meanGradient(bf16 *dx, const bf16 *dy, unsigned long long vectors, const Window &w) {
    unsigned long long step = (unsigned long long)gridDim.x * blockDim.x;
    for (unsigned long long i = (unsigned long long)blockIdx.x * blockDim.x + threadIdx.x; i < vectors; i += step) {
        Place p = placeOf<N>(i, w.rows, w.columns, w.channels);
        float sum[N];
        for (int j = 0; j < N; j++) {
            sum[j] = 0;
        }
        unsigned endRow = endOfPlaces(p.row, w.top, w.rowStride, w.resultRows);
        unsigned endColumn = endOfPlaces(p.column, w.left, w.columnStride, w.resultColumns);
        for (unsigned row = firstPlace(p.row, w.top, w.height, w.rowStride); row < endRow; row++) {
            for (unsigned col = firstPlace(p.column, w.left, w.width, w.columnStride); col < endColumn; col++) {
                float gradient[N];
                loadChannels(gradient, at<N>(dy, p, row, col, w.resultRows, w.resultColumns, w.channels));
                for (int j = 0; j < N; j++) {
                    sum[j] += gradient[j];
                }
            }
        }
        for (int j = 0; j < N; j++) {
            sum[j] /= (float)(w.height * w.width);
        }
        storeChannels(dx + i * N, sum);
    }
}

// The number in a kernel's name is that of the channels that a thread has.

extern "C" __global__ void max_pool_1(bf16 *y, const bf16 *x, unsigned long long vectors, Window w) {
    pool<1, false>(y, x, vectors, w);
}

extern "C" __global__ void max_pool_8(bf16 *y, const bf16 *x, unsigned long long vectors, Window w) {
    pool<8, false>(y, x, vectors, w);
}

extern "C" __global__ void max_pool_gradient_1(
    bf16 *dx, const bf16 *dy, const bf16 *x, unsigned long long vectors, Window w) {
    maxGradient<1>(dx, dy, x, vectors, w);
}

extern "C" __global__ void max_pool_gradient_8(
    bf16 *dx, const bf16 *dy, const bf16 *x, unsigned long long vectors, Window w) {
    maxGradient<8>(dx, dy, x, vectors, w);
}

extern "C" __global__ void average_pool_1(bf16 *y, const bf16 *x, unsigned long long vectors, Window w) {
    pool<1, true>(y, x, vectors, w);
}

extern "C" __global__ void average_pool_8(bf16 *y, const bf16 *x, unsigned long long vectors, Window w) {
    pool<8, true>(y, x, vectors, w);
}

extern "C" __global__ void average_pool_gradient_1(bf16 *dx, const bf16 *dy, unsigned long long vectors, Window w) {
    meanGradient<1>(dx, dy, vectors, w);
}

extern "C" __global__ void average_pool_gradient_8(bf16 *dx, const bf16 *dy, unsigned long long vectors, Window w) {
    meanGradient<8>(dx, dy, vectors, w);
}
