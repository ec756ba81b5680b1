// Runs the kernels of attention on the host and compares them with attention in double precision. WIDTH is given to the compiler.
#include "emulation.h"

#include "attention_host.inc"

#include <cstdio>
#include <random>

struct Case {
    int images, heads, tokens;
    int chunks = 1; // that keys or queries are read in
    int parts = 1;  // blocks of one head
    float growth = 0; // of keys from token to token, so that bounds on scores have to be raised
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
    std::vector<double> context, logs, dQkv;
};

static Reference reference(const Case &c, const std::vector<double> &qkv, const std::vector<double> &dContext) {
    int T = c.tokens, H = c.heads, D = WIDTH;
    Reference r;
    r.context.assign((size_t)c.images * T * H * D, 0);
    r.logs.assign((size_t)c.images * H * T, 0);
    r.dQkv.assign(qkv.size(), 0);
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

static bool check(const Case &c) {
    std::printf(
        "N %d, H %d, T %d, width %d, %d chunks, %d parts\n", c.images, c.heads, c.tokens, WIDTH, c.chunks, c.parts);
    std::mt19937 random(7);
    size_t rows = (size_t)c.images * c.tokens * c.heads;
    auto qkv = normal(random, rows * 3 * WIDTH);
    for (size_t i = 0; i < qkv.size(); i++) {
        size_t row = i / (c.heads * WIDTH);
        if (row % 3 == 1) {
            qkv[i] = rounded(wide(qkv[i]) * (1 + c.growth * (row / 3 % c.tokens)));
        }
    }
    auto dContext = normal(random, rows * WIDTH);
    std::vector<bf16> context(rows * WIDTH, 0x7fc0), dQkv(qkv.size(), 0x7fc0);
    std::vector<float> logs(rows, NAN), products(rows, NAN);
    int strips = (c.tokens + STRIP - 1) / STRIP;
    int chunk = (strips + c.chunks - 1) / c.chunks * STRIP;
    Triple grid = {c.parts, c.heads, c.images};
    int rowsOfChunk = 2 * chunk * WIDTH;
    launch(grid, THREADS, rowsOfChunk, [&] {
        attention(qkv.data(), context.data(), logs.data(), c.tokens, c.heads, chunk);
    });
    launch(grid, THREADS, rowsOfChunk, [&] {
        attention_queries_gradient(
            qkv.data(), context.data(), dContext.data(), logs.data(), products.data(), dQkv.data(), c.tokens, c.heads,
            chunk);
    });
    launch(grid, THREADS, rowsOfChunk + 4 * chunk, [&] {
        attention_keys_gradient(
            qkv.data(), dContext.data(), logs.data(), products.data(), dQkv.data(), c.tokens, c.heads, chunk);
    });
    auto expected = reference(c, widened(qkv), widened(dContext));
    // Operands and results are rounded to 2^-9 of themselves, as are softmax's weights before they are summed up.
    bool ok = error("context", expected.context, widened(context)) < 1.0 / 128;
    ok &= error("logs", expected.logs, std::vector<double>(logs.begin(), logs.end())) < 1e-6;
    ok &= error("dqkv", expected.dQkv, widened(dQkv)) < 1.0 / 128;
    return ok;
}

int main() {
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
        ok &= check(c);
    }
    std::printf("bank conflicts %ld\n", conflicts);
    ok &= conflicts == 0;
    std::puts(ok ? "all agree" : "SOME DIFFER");
    return ok ? 0 : 1;
}
