// Runs the kernels of attention on the host and compares them with attention in double precision. WIDTH is given to the compiler.
#include "emulation.h"

#include "attention_host.inc"

#include <cstdio>
#include <cstdlib>
#include <random>

struct Case {
    int images, heads, tokens;
    int chunks = 1; // that keys or queries are read in
    int parts = 1;  // blocks of one head
    float growth = 0; // of keys from token to token, so that bounds on scores have to be raised
};

// What a backward pass makes.
struct Gradient {
    std::vector<bf16> dQkv;
    std::vector<float> dBias;
};

static std::vector<double> widened(const std::vector<bf16> &x) {
    std::vector<double> y(x.size());
    std::transform(x.begin(), x.end(), y.begin(), [](bf16 v) { return (double)wide(v); });
    return y;
}

static std::vector<bf16> normal(std::mt19937 &random, size_t n) {
    std::normal_distribution<float> draw;
    std::vector<bf16> x(n);
    for (auto &v : x) {
        v = rounded(draw(random));
    }
    return x;
}

struct Reference {
    std::vector<double> context, logs, dQkv, dBias;
};

static Reference reference(const Case &c, const std::vector<double> &qkv, const std::vector<double> &dContext) {
    int T = c.tokens, H = c.heads, D = WIDTH;
    Reference r;
    r.context.assign((size_t)c.images * T * H * D, 0);
    r.logs.assign((size_t)c.images * H * T, 0);
    r.dQkv.assign(qkv.size(), 0);
    r.dBias.assign(3 * H * D, 0);
    double scale = 1 / std::sqrt((double)D);
    for (int n = 0; n < c.images; n++) {
        for (int h = 0; h < H; h++) {
            auto at = [&](int t, int part, int d) { return (((size_t)n * T + t) * 3 + part) * H * D + h * D + d; };
            auto out = [&](int t, int d) { return ((size_t)n * T + t) * H * D + h * D + d; };
            for (int i = 0; i < T; i++) {
                std::vector<double> p(T), dp(T);
                double sum = 0, largest = -1e300, mean = 0;
                for (int j = 0; j < T; j++) {
                    for (int d = 0; d < D; d++) {
                        p[j] += qkv[at(i, 0, d)] * qkv[at(j, 1, d)] * scale;
                    }
                    largest = std::max(largest, p[j]);
                }
                for (int j = 0; j < T; j++) {
                    sum += std::exp(p[j] - largest);
                }
                r.logs[((size_t)n * H + h) * T + i] = largest + std::log(sum);
                for (int j = 0; j < T; j++) {
                    p[j] = std::exp(p[j] - largest) / sum;
                    for (int d = 0; d < D; d++) {
                        r.context[out(i, d)] += p[j] * qkv[at(j, 2, d)];
                        dp[j] += dContext[out(i, d)] * qkv[at(j, 2, d)];
                        r.dQkv[at(j, 2, d)] += p[j] * dContext[out(i, d)];
                    }
                    mean += p[j] * dp[j];
                }
                for (int j = 0; j < T; j++) {
                    double ds = p[j] * (dp[j] - mean) * scale;
                    for (int d = 0; d < D; d++) {
                        r.dQkv[at(i, 0, d)] += ds * qkv[at(j, 1, d)];
                        r.dQkv[at(j, 1, d)] += ds * qkv[at(i, 0, d)];
                    }
                }
            }
        }
    }
    for (size_t i = 0; i < r.dQkv.size(); i++) {
        r.dBias[i % r.dBias.size()] += r.dQkv[i];
    }
    return r;
}

// The largest error over the largest element.
static double error(const char *what, const std::vector<double> &expected, const std::vector<double> &found) {
    double worst = 0, largest = 0;
    for (size_t i = 0; i < expected.size(); i++) {
        double e = std::fabs(expected[i] - found[i]);
        worst = std::isnan(e) ? INFINITY : std::max(worst, e);
        largest = std::max(largest, std::fabs(expected[i]));
    }
    std::printf("  %-8s %.2e\n", what, worst / largest);
    return worst / largest;
}

struct Operands {
    std::vector<bf16> qkv, context, dContext;
    std::vector<float> bias, logs; // no bias: none is added, and no sums are made

    const float *biasOrNull() const {
        return bias.empty() ? nullptr : bias.data();
    }
};

static void addUp(const Case &c, const std::vector<float> &parts, int rows, Gradient &g) {
    int columns = 3 * c.heads * WIDTH;
    g.dBias.assign(columns, NAN);
    launch({(columns + 31) / 32, 1, 1}, 32 * SUM_WARPS, 0, [&] {
        attention_sums(parts.data(), g.dBias.data(), rows, columns);
    });
}

static Gradient byTwoKernels(const Case &c, const Operands &o, int chunk) {
    Gradient g;
    g.dQkv.assign(o.qkv.size(), 0x7fc0);
    std::vector<float> products(o.logs.size(), NAN), parts((size_t)c.images * c.parts * 3 * c.heads * WIDTH, NAN);
    Triple grid = {c.parts, c.heads, c.images};
    int rowsOfChunk = 2 * chunk * WIDTH;
    launch(grid, THREADS, rowsOfChunk, [&] {
        attention_queries_gradient(
            o.qkv.data(), o.biasOrNull(), o.context.data(), o.dContext.data(), o.logs.data(), products.data(),
            g.dQkv.data(), parts.data(), c.tokens, c.heads, chunk);
    });
    launch(grid, THREADS, rowsOfChunk + 4 * chunk, [&] {
        attention_keys_gradient(
            o.qkv.data(), o.biasOrNull(), o.dContext.data(), o.logs.data(), products.data(), g.dQkv.data(),
            parts.data(), c.tokens, c.heads, chunk);
    });
    if (!o.bias.empty()) {
        addUp(c, parts, c.images * c.parts, g);
    }
    return g;
}

static int warpsOfHead(const Case &c) {
    int strips = (c.tokens + STRIP - 1) / STRIP;
    return std::min((strips + SIDE_BY_SIDE - 1) / SIDE_BY_SIDE, HEAD_WARPS);
}

static Gradient byOneKernel(const Case &c, const Operands &o) {
    Gradient g;
    g.dQkv.assign(o.qkv.size(), 0x7fc0);
    std::vector<float> parts((size_t)c.images * 3 * c.heads * WIDTH, NAN);
    int rows = (c.tokens + STRIP - 1) / STRIP * STRIP;
    int elements = rows * (4 * WIDTH + BLOCK + 4) + BLOCK / STRIP * WIDTH * 2;
    launch({1, c.heads, c.images}, 32 * warpsOfHead(c), elements, [&] {
        attention_head_gradient(
            o.qkv.data(), o.biasOrNull(), o.context.data(), o.dContext.data(), o.logs.data(), g.dQkv.data(),
            parts.data(), c.tokens, c.heads);
    });
    if (!o.bias.empty()) {
        addUp(c, parts, c.images, g);
    }
    return g;
}

static void forward(const Case &c, Operands &o, int chunk) {
    launch({c.parts, c.heads, c.images}, THREADS, 2 * chunk * WIDTH, [&] {
        attention(o.qkv.data(), o.biasOrNull(), o.context.data(), o.logs.data(), c.tokens, c.heads, chunk);
    });
}

// Whether other operands, which hold the bias already, give the same bits.
static bool sameBits(const Case &c, const Operands &o, const Operands &added, int chunk, const Gradient &g) {
    bool same = o.context == added.context && o.logs == added.logs;
    same &= g.dQkv == byTwoKernels(c, added, chunk).dQkv;
    std::printf("  bias %s\n", same ? "as if added before" : "DIFFERS");
    return same;
}

static bool check(const Case &c, unsigned seed) {
    std::printf(
        "N %d, H %d, T %d, width %d, %d chunks, %d parts\n", c.images, c.heads, c.tokens, WIDTH, c.chunks, c.parts);
    std::mt19937 random(seed);
    size_t rows = (size_t)c.images * c.tokens * c.heads;
    auto qkv = normal(random, rows * 3 * WIDTH);
    for (size_t i = 0; i < qkv.size(); i++) {
        size_t row = i / (c.heads * WIDTH);
        if (row % 3 == 1) {
            qkv[i] = rounded(wide(qkv[i]) * (1 + c.growth * (row / 3 % c.tokens)));
        }
    }
    auto bias = widened(normal(random, 3 * c.heads * WIDTH));
    Operands o;
    o.qkv = qkv;
    o.context.assign(rows * WIDTH, 0x7fc0);
    o.dContext = normal(random, rows * WIDTH);
    o.logs.assign(rows, NAN);
    Operands added = o;
    o.bias.assign(bias.begin(), bias.end());
    for (auto &b : o.bias) {
        b /= 3; // which bfloat16 does not have
    }
    for (size_t i = 0; i < qkv.size(); i++) {
        added.qkv[i] = rounded(wide(qkv[i]) + o.bias[i % o.bias.size()]);
    }
    int strips = (c.tokens + STRIP - 1) / STRIP;
    int chunk = (strips + c.chunks - 1) / c.chunks * STRIP;
    forward(c, o, chunk);
    forward(c, added, chunk);
    auto expected = reference(c, widened(added.qkv), widened(o.dContext));
    // Operands and results are rounded to 2^-9 of themselves, as are softmax's weights before they are summed up.
    bool ok = error("context", expected.context, widened(o.context)) < 1.0 / 128;
    ok &= error("logs", expected.logs, std::vector<double>(o.logs.begin(), o.logs.end())) < 1e-6;
    auto judge = [&](const Gradient &g) {
        ok &= error("dqkv", expected.dQkv, widened(g.dQkv)) < 1.0 / 128;
        // Weights and gradients of scores are rounded, and the gradients of keys sum up to nothing.
        ok &= error("dbias", expected.dBias, std::vector<double>(g.dBias.begin(), g.dBias.end())) < 1.0 / 64;
    };
    auto two = byTwoKernels(c, o, chunk);
    judge(two);
    ok &= sameBits(c, o, added, chunk, two);
    if (c.tokens <= HEAD_WARPS * HEAD_STRIPS * STRIP) {
        auto one = byOneKernel(c, o);
        judge(one);
        ok &= one.dQkv == byOneKernel(c, added).dQkv;
    }
    return ok;
}

// Also runs as many random shapes as the first argument says.
int main(int count, char **arguments) {
    bool ok = true;
    for (Case c : {
             Case{1, 1, 1},
             Case{1, 1, 5},
             Case{2, 1, 16},
             Case{1, 2, 17},
             Case{1, 2, 50},
             Case{1, 1, 64},
             Case{2, 3, 65},
             Case{1, 1, 65, 1, 2},
             Case{1, 1, 100, 1, 1, 0.1f},
             Case{1, 1, 197},
             Case{1, 2, 257},
             Case{1, 1, 257, 2, 3},
             Case{1, 1, 300, 3, 2},
             Case{1, 1, 785, 3, 7},
         }) {
        ok &= check(c, 7);
    }
    std::mt19937 random(3);
    for (int i = 0; count > 1 && i < std::atoi(arguments[1]); i++) {
        int tokens = 1 + int(random() % 300);
        int strips = (tokens + STRIP - 1) / STRIP;
        int chunks = 1 + int(random() % std::min(strips, 3));
        Case c = {1 + int(random() % 2), 1 + int(random() % 2), tokens, chunks, 1 + int(random() % strips)};
        ok &= check(c, i);
    }
    std::printf("bank conflicts %ld\n", conflicts);
    ok &= conflicts == 0;
    std::puts(ok ? "all agree" : "SOME DIFFER");
    return ok ? 0 : 1;
}
