// Tensors of kernels that are run on emulated warps: operands come from a file, results go to another. Each tensor ends where
// a page ends that nobody may touch, and what lies around it is looked at afterwards.
#pragma once

#include <sys/mman.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace tensors {

constexpr size_t PAGE = 1 << 14, ALIGNMENT = 16, MARGIN = 64;

struct Tensor {
    char *begin;
    size_t bytes;
    char *room;
    size_t roomBytes;
};

static FILE *in, *out;
static std::vector<Tensor> all;
static std::vector<std::vector<char>> kept; // results of the first run
static size_t seen;                         // of them in the run that is under way
static bool differ;

// Room for a tensor, full of NaN.
static void *fresh(size_t bytes) {
    size_t padded = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    size_t room = (padded + MARGIN + PAGE - 1) / PAGE * PAGE;
    char *p = (char *)mmap(nullptr, room + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED || mprotect(p + room, PAGE, PROT_NONE) != 0) {
        perror("memory");
        exit(1);
    }
    char *begin = p + room - padded;
    memset(begin - MARGIN, 0xff, padded + MARGIN);
    all.push_back({begin, bytes, p, room + PAGE});
    return begin;
}

static void *take(size_t bytes) {
    void *p = fresh(bytes);
    if (fread(p, 1, bytes, in) != bytes) {
        fputs("operands end too early\n", stderr);
        exit(1);
    }
    return p;
}

static void *copyOf(const void *tensor, size_t bytes) {
    return memcpy(fresh(bytes), tensor, bytes);
}

static void give(const void *p, size_t bytes) {
    fwrite(p, 1, bytes, out);
}

// A result. Those of the first run are given; later ones must have their bits.
static void result(const void *p, size_t bytes) {
    if (seen == kept.size()) {
        kept.emplace_back((const char *)p, (const char *)p + bytes);
        give(p, bytes);
    } else {
        differ |= memcmp(p, kept[seen].data(), bytes) != 0;
    }
    seen++;
}

static void again() {
    seen = 0;
}

static bool isIntact(const char *from, const char *to) {
    for (; from < to; from++) {
        if (*from != (char)0xff) {
            return false;
        }
    }
    return true;
}

// Ends a case: tells in a word whether runs differed (1) and whether something was written beside tensors (2).
static void finish() {
    int flags = differ;
    for (auto &t : all) {
        char *end = t.room + t.roomBytes - PAGE;
        flags |= isIntact(t.begin - MARGIN, t.begin) && isIntact(t.begin + t.bytes, end) ? 0 : 2;
        munmap(t.room, t.roomBytes);
    }
    give(&flags, sizeof flags);
    all.clear();
    kept.clear();
    again();
    differ = false;
}

} // namespace tensors
