// Runs the kernels of attention on the host and compares them with attention in double precision. HEAD is given to the
// compiler.
#include "emulation.h"
#include "warpgroups.h"

#include "attention_host.inc"

#include <cstdio>
#include <cstdlib>
#include <random>

// Of results, relative to the largest, for operands that are what products take: bfloat16 has 8 bits and TF32 has 11 for
// softmax's weights before they are summed up and for gradients of scores, bfloat16 also for results; floats have 24 for all.
static const double TOLERANCE = sizeof(element) == 2 ? 1.0 / 128 : ROUNDED ? 1.0 / 1024 : 1e-5;

static element narrowed(float x) {
    if constexpr (sizeof(element) == 2) {
        return rounded(x);
    } else {
        return x;
    }
}

static double widened(element x) {
    if constexpr (sizeof(element) == 2) {
        return wide(x);
    } else {
        return x;
    }
}

// Elements of shared memory that warps keep for themselves.
static int kept(int sides) {
    return WARPS * sides * KEPT;
}

struct Case {
    int images, heads, tokens;
    int chunks = 1; // that keys or queries are read in
    int parts = 1;  // blocks of one head
    float growth = 0; // of keys from token to token, so that bounds on scores have to be raised
};

// What a backward pass makes.
struct Gradient {
    std::vector<element> dQkv;
    std::vector<float> dBias;
};

static std::vector<double> widened(const std::vector<element> &x) {
    std::vector<double> y(x.size());
    std::transform(x.begin(), x.end(), y.begin(), [](element v) { return widened(v); });
    return y;
}

// As products take them.
static std::vector<double> operands(const std::vector<element> &x) {
    std::vector<double> y = widened(x);
    if (ROUNDED) {
        std::transform(y.begin(), y.end(), y.begin(), [](double v) { return fromBits(toTf32(v)); });
    }
    return y;
}

static std::vector<element> normal(std::mt19937 &random, size_t n) {
    std::normal_distribution<float> draw;
    std::vector<element> x(n);
    for (auto &v : x) {
        v = narrowed(draw(random));
    }
    return x;
}

struct Reference {
    std::vector<double> context, logs, dQkv, dBias;
    // The largest gradient of a query if all of its terms had one sign: where softmax gives nearly all to one key, gradients
    // are differences of numbers that are nearly equal, each with its rounding.
    double size = 0;
};

static Reference reference(const Case &c, const std::vector<double> &qkv, const std::vector<double> &dContext) {
    int T = c.tokens, H = c.heads, D = HEAD;
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
                std::vector<double> sizes(D);
                for (int j = 0; j < T; j++) {
                    double ds = p[j] * (dp[j] - mean) * scale;
                    double terms = p[j] * (std::fabs(dp[j]) + std::fabs(mean)) * scale;
                    for (int d = 0; d < D; d++) {
                        r.dQkv[at(i, 0, d)] += ds * qkv[at(j, 1, d)];
                        r.dQkv[at(j, 1, d)] += ds * qkv[at(i, 0, d)];
                        sizes[d] += terms * std::fabs(qkv[at(j, 1, d)]);
                    }
                }
                r.size = std::max(r.size, *std::max_element(sizes.begin(), sizes.end()));
            }
        }
    }
    for (size_t i = 0; i < r.dQkv.size(); i++) {
        r.dBias[i % r.dBias.size()] += r.dQkv[i];
    }
    return r;
}

// The largest error over the largest element, or over a size that is larger.
static double error(
    const char *what, const std::vector<double> &expected, const std::vector<double> &found, double size = 0) {
    double worst = 0, largest = size;
    for (size_t i = 0; i < expected.size(); i++) {
        double e = std::fabs(expected[i] - found[i]);
        worst = std::isnan(e) ? INFINITY : std::max(worst, e);
        largest = std::max(largest, std::fabs(expected[i]));
    }
    std::printf("  %-8s %.2e\n", what, worst / largest);
    return worst / largest;
}

struct Operands {
    std::vector<element> qkv, context, dContext;
    std::vector<float> bias, logs; // no bias: none is added, and no sums are made

    const float *biasOrNull() const {
        return bias.empty() ? nullptr : bias.data();
    }
};

static void addUp(const Case &c, const std::vector<float> &parts, int rows, Gradient &g) {
    int columns = 3 * c.heads * HEAD;
    g.dBias.assign(columns, NAN);
    launch({(columns + 31) / 32, 1, 1}, 32 * SUM_WARPS, 0, [&] {
        attention_sums(parts.data(), g.dBias.data(), rows, columns);
    });
}

static Gradient byTwoKernels(const Case &c, const Operands &o, int chunk) {
    Gradient g;
    g.dQkv.assign(o.qkv.size(), narrowed(NAN));
    std::vector<float> products(o.logs.size(), NAN), parts((size_t)c.images * c.parts * 3 * c.heads * HEAD, NAN);
    Triple grid = {c.parts, c.heads, c.images};
    int bytes = (kept(2) + 2 * chunk * WIDTH) * sizeof(element);
    launch(grid, THREADS, bytes / 2, [&] {
        attention_queries_gradient(
            o.qkv.data(), o.biasOrNull(), o.context.data(), o.dContext.data(), o.logs.data(), products.data(),
            g.dQkv.data(), parts.data(), c.tokens, c.heads, chunk);
    });
    launch(grid, THREADS, (bytes + 8 * chunk) / 2, [&] {
        attention_keys_gradient(
            o.qkv.data(), o.biasOrNull(), o.dContext.data(), o.logs.data(), products.data(), g.dQkv.data(),
            parts.data(), c.tokens, c.heads, chunk);
    });
    if (!o.bias.empty()) {
        addUp(c, parts, c.images * c.parts, g);
    }
    return g;
}

#ifdef HEAD_WARPS // where the kernel of whole heads is compiled too
static int warpsOfHead(const Case &c) {
    int strips = (c.tokens + STRIP - 1) / STRIP;
    return std::min((strips + SIDE_BY_SIDE - 1) / SIDE_BY_SIDE, HEAD_WARPS);
}

static Gradient byOneKernel(const Case &c, const Operands &o) {
    Gradient g;
    g.dQkv.assign(o.qkv.size(), narrowed(NAN));
    std::vector<float> parts((size_t)c.images * 3 * c.heads * HEAD, NAN);
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

#endif

#ifdef GRADIENT_THREADS // where blocks stay, and tiles come ahead
constexpr size_t MOST_SHARED = 227 << 10;

// As runtime.cuda.AttentionRows has them.
static int rowsTogether(int tokens) {
    int over = tokens % BLOCK_ROWS;
    return tokens / BLOCK_ROWS * BLOCK_ROWS + (over == 0 ? 0 : tokens > BLOCK_ROWS && over <= STRIP ? STRIP : BLOCK_ROWS);
}

static int copiedTogether(int rows) {
    return rows <= 256 ? rows : rows / 2;
}

static TensorMap mapOf(const std::vector<element> &x, int tokens, int columns, long long rows) {
    return {{(uintptr_t)x.data(), (unsigned)columns, (unsigned)tokens, 64, (unsigned long long)rows}};
}

static size_t bytesForward(int tokens, int stages) {
    return 1024 + stages * 3 * rowsTogether(tokens) * WIDTH * 2 + sizeof(ForwardBarriers);
}

// By fewer blocks than heads, with places for so many.
static void forwardTogether(const Case &c, Operands &o, int stages) {
    ForwardArguments a = {};
    a.rows = rowsTogether(c.tokens);
    a.copied = copiedTogether(a.rows);
    a.qkv = mapOf(o.qkv, c.tokens, 3 * c.heads * HEAD, a.copied);
    a.bias = o.biasOrNull();
    a.context = o.context.data();
    a.logs = o.logs.data();
    a.images = c.images;
    a.tokens = c.tokens;
    a.heads = c.heads;
    a.stages = stages;
    int items = c.images * c.heads;
    launch({min(items, 2), 1, 1}, FORWARD_THREADS, bytesForward(c.tokens, stages) / 2, [&] {
        attention_forward_together(a);
    });
}

// Whether it makes the same bits with any number of places, and nearly what is expected.
static bool checkForward(const Case &c, const Operands &o, const std::vector<double> &context, const std::vector<double> &logs) {
    Operands first = o;
    bool ok = true;
    for (int stages = 1; stages <= MOST_STAGES && bytesForward(c.tokens, stages) <= MOST_SHARED; stages++) {
        Operands other = o;
        std::fill(other.context.begin(), other.context.end(), narrowed(NAN));
        std::fill(other.logs.begin(), other.logs.end(), NAN);
        forwardTogether(c, other, stages);
        if (stages == 1) {
            first = other;
            ok &= error("context", context, widened(other.context)) < TOLERANCE;
            ok &= error("logs", logs, std::vector<double>(other.logs.begin(), other.logs.end())) < 1e-6;
        }
        ok &= other.context == first.context && other.logs == first.logs;
    }
    return ok;
}

static size_t bytesTogether(int tokens, int queryStages, int keyStages) {
    int rows = rowsTogether(tokens);
    return 1024 + (queryStages + keyStages) * 2 * rows * WIDTH * 2 + queryStages * 2 * rows * 4 + 16 * WIDTH * 4 +
        sizeof(HeadBarriers);
}

static bool fitsTogether(int tokens, int queryStages, int keyStages) {
    return bytesTogether(tokens, queryStages, keyStages) <= MOST_SHARED;
}

// By fewer blocks than heads, with so many places for each pair of tensors.
static Gradient together(const Case &c, const Operands &o, int queryStages, int keyStages) {
    Gradient g;
    g.dQkv.assign(o.qkv.size(), narrowed(NAN));
    int tiles = (c.tokens + TILE_ROWS - 1) / TILE_ROWS;
    std::vector<float> parts((size_t)c.images * tiles * 3 * c.heads * HEAD, NAN);
    HeadArguments a = {};
    a.rows = rowsTogether(c.tokens);
    a.copied = copiedTogether(a.rows);
    a.qkv = mapOf(o.qkv, c.tokens, 3 * c.heads * HEAD, a.copied);
    a.dContext = mapOf(o.dContext, c.tokens, c.heads * HEAD, a.copied);
    a.bias = o.biasOrNull();
    a.context = o.context.data();
    a.logs = o.logs.data();
    a.dQkv = g.dQkv.data();
    a.sums = parts.data();
    a.images = c.images;
    a.tokens = c.tokens;
    a.heads = c.heads;
    a.queryStages = queryStages;
    a.keyStages = keyStages;
    int items = c.images * c.heads;
    launch({min(items, 2), 1, 1}, GRADIENT_THREADS, bytesTogether(c.tokens, queryStages, keyStages) / 2, [&] {
        attention_head_together(a);
    });
    if (!o.bias.empty()) {
        addUp(c, parts, c.images * tiles, g);
    }
    return g;
}
#endif

static void forward(const Case &c, Operands &o, int chunk) {
    int bytes = (kept(1) + 2 * chunk * WIDTH) * sizeof(element);
#ifdef TOGETHER // where four warps multiply together
    launch({c.parts, c.heads, c.images}, THREADS, bytes / 2 + 512, [&] {
        attention_together(
            o.qkv.data(), o.biasOrNull(), o.context.data(), o.logs.data(), c.tokens, c.heads, chunk);
    });
    return;
#endif
    launch({c.parts, c.heads, c.images}, THREADS, bytes / 2, [&] {
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
        "N %d, H %d, T %d, width %d, %d chunks, %d parts\n", c.images, c.heads, c.tokens, HEAD, c.chunks, c.parts);
    std::mt19937 random(seed);
    size_t rows = (size_t)c.images * c.tokens * c.heads;
    auto qkv = normal(random, rows * 3 * HEAD);
    for (size_t i = 0; i < qkv.size(); i++) {
        size_t row = i / (c.heads * HEAD);
        if (row % 3 == 1) {
            qkv[i] = narrowed(widened(qkv[i]) * (1 + c.growth * (row / 3 % c.tokens + 1)));
        }
    }
    auto bias = widened(normal(random, 3 * c.heads * HEAD));
    Operands o;
    o.qkv = qkv;
    o.context.assign(rows * HEAD, narrowed(NAN));
    o.dContext = normal(random, rows * HEAD);
    o.logs.assign(rows, NAN);
    Operands added = o;
    o.bias.assign(bias.begin(), bias.end());
    for (auto &b : o.bias) {
        b /= 3; // which bfloat16 does not have
    }
    for (size_t i = 0; i < qkv.size(); i++) {
        added.qkv[i] = narrowed((float)widened(qkv[i]) + o.bias[i % o.bias.size()]);
    }
    int strips = (c.tokens + STRIP - 1) / STRIP;
    int chunk = (strips + c.chunks - 1) / c.chunks * STRIP;
    forward(c, o, chunk);
    forward(c, added, chunk);
    auto expected = reference(c, operands(added.qkv), operands(o.dContext));
    bool ok = error("context", expected.context, widened(o.context)) < TOLERANCE;
    // A logarithm near 0 is that of scores which are sums of some size.
    ok &= error("logs", expected.logs, std::vector<double>(o.logs.begin(), o.logs.end()), 1) < 1e-6;
    double size = c.growth > 0 ? expected.size : 0;
    auto judge = [&](const Gradient &g) {
        ok &= error("dqkv", expected.dQkv, widened(g.dQkv), size) < TOLERANCE;
        // The gradients of keys sum up to nothing.
        ok &= error("dbias", expected.dBias, std::vector<double>(g.dBias.begin(), g.dBias.end()), size) < 2 * TOLERANCE;
    };
    auto two = byTwoKernels(c, o, chunk);
    judge(two);
    ok &= sameBits(c, o, added, chunk, two);
#ifdef HEAD_WARPS
    if (c.tokens <= HEAD_WARPS * HEAD_STRIPS * STRIP) {
        auto one = byOneKernel(c, o);
        judge(one);
        ok &= one.dQkv == byOneKernel(c, added).dQkv;
    }
#endif
#ifdef GRADIENT_THREADS
    if (bytesForward(c.tokens, 1) <= MOST_SHARED) {
        ok &= checkForward(c, o, expected.context, expected.logs);
        ok &= checkForward(c, added, expected.context, expected.logs);
    }
    if (fitsTogether(c.tokens, 1, 1)) {
        auto first = together(c, o, 1, 1);
        judge(first);
        for (int stages = 2; stages <= 4; stages++) {
            for (int ofKeys = stages - 1; ofKeys <= stages && fitsTogether(c.tokens, stages, ofKeys); ofKeys++) {
                auto other = together(c, stages % 2 ? o : added, stages, ofKeys);
                ok &= first.dQkv == other.dQkv && (stages % 2 == 0 || first.dBias == other.dBias);
            }
        }
    }
#endif
    return ok;
}

// Of at most as many tokens as the first argument says, and as many random shapes as the second.
int main(int, char **arguments) {
    int longest = std::atoi(arguments[1]);
    int shapes = std::atoi(arguments[2]);
    bool ok = true;
    float growthOfOne = sizeof(element) == 2 ? 300 : 0; // floats have too few digits behind such scores
    for (Case c : {
             Case{1, 1, 1},
             Case{2, 3, 1, 1, 1, growthOfOne}, // weights of tokens that are none would be infinite
             Case{1, 1, 5},
             Case{2, 1, 16},
             Case{1, 2, 17},
             Case{13, 2, 20}, // more heads than places, and groups without a tile
             Case{1, 2, 50},
             Case{1, 2, 61, 2, 3},
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
        ok &= c.tokens > longest || check(c, 7);
    }
    std::mt19937 random(3);
    for (int i = 0; i < shapes; i++) {
        int tokens = 1 + int(random() % min(longest, 300));
        int strips = (tokens + STRIP - 1) / STRIP;
        int chunks = 1 + int(random() % std::min(strips, 3));
        Case c = {1 + int(random() % 2), 1 + int(random() % 2), tokens, chunks, 1 + int(random() % strips)};
        ok &= check(c, i);
    }
    std::printf(
        "bank conflicts %ld, operands with too many bits %ld, misplaced copies %ld\n", conflicts, unrounded, misplaced);
    ok &= conflicts == 0 && unrounded == 0 && misplaced == 0;
    std::puts(ok ? "all agree" : "SOME DIFFER");
    return ok ? 0 : 1;
}
