// CUDA's driver for a device of emulated warps whose memory is the host's: a module is a shared library that compiler.cpp made,
// and a launch returns when its kernel is done.
#include <dlfcn.h>
#include <elf.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

constexpr int OUT_OF_MEMORY = 2, INVALID_IMAGE = 200, NOT_FOUND = 500;

using Launch = void (*)(int gridX, int gridY, int gridZ, int threads, int sharedBytes, void **arguments);

// A library in memory ends with the table of its sections.
size_t sizeOf(const void *library) {
    auto header = (const Elf64_Ehdr *)library;
    return header->e_shoff + (size_t)header->e_shnum * header->e_shentsize;
}

} // namespace

extern "C" {

int cuCtxGetDevice(int *device) {
    *device = 0;
    return 0;
}

// Two processors: enough for blocks that share tiles among them.
int cuDeviceGetAttribute(int *value, int, int) {
    *value = 2;
    return 0;
}

int cuDeviceGetDefaultMemPool(void **pool, int) {
    *pool = nullptr;
    return 0;
}

int cuMemPoolSetAttribute(void *, int, void *) {
    return 0;
}

int cuModuleLoadData(void **module, const void *code) {
    if (std::memcmp(code, ELFMAG, SELFMAG) != 0) {
        return INVALID_IMAGE;
    }
    char name[] = "/tmp/module.XXXXXX"; // libraries of one name are one library
    int file = mkstemp(name);
    bool written = file >= 0 && write(file, code, sizeOf(code)) == (ssize_t)sizeOf(code);
    *module = written ? dlopen(name, RTLD_NOW | RTLD_LOCAL) : nullptr;
    close(file);
    unlink(name);
    if (!*module) {
        std::fprintf(stderr, "cuModuleLoadData: %s\n", dlerror());
    }
    return *module ? 0 : INVALID_IMAGE;
}

int cuModuleUnload(void *module) {
    dlclose(module);
    return 0;
}

int cuModuleGetFunction(void **function, void *module, const char *name) {
    *function = dlsym(module, (std::string("launch_") + name).c_str());
    return *function ? 0 : NOT_FOUND;
}

int cuFuncSetAttribute(void *, int, int) {
    return 0;
}

int cuLaunchKernel(
    void *function, int gridX, int gridY, int gridZ, int threads, int, int, int sharedBytes, void *, void **arguments, void **) {
    ((Launch)function)(gridX, gridY, gridZ, threads, sharedBytes, arguments);
    return 0;
}

int cuStreamSynchronize(void *) {
    return 0;
}

// Full of NaN, as nobody may read what is not written.
int cuMemAllocAsync(void **address, size_t bytes, void *) {
    *address = std::aligned_alloc(256, (bytes + 255) / 256 * 256);
    if (!*address) {
        return OUT_OF_MEMORY;
    }
    std::memset(*address, 0xff, bytes);
    return 0;
}

int cuMemFreeAsync(void *address, void *) {
    std::free(address);
    return 0;
}

// As warpgroups.h reads it: address, columns, rows, and columns and rows of a tile.
int cuTensorMapEncodeTiled(
    void *map, int, int, void *address, const size_t *sizes, const size_t *, const unsigned *tile, const unsigned *, int, int, int, int) {
    size_t words[] = {(size_t)address, sizes[0], sizes[1], tile[0], tile[1]};
    std::memset(map, 0, 128);
    std::memcpy(map, words, sizeof words);
    return 0;
}

int cuGetErrorString(int code, const char **text) {
    *text = code == INVALID_IMAGE ? "no module" : code == NOT_FOUND ? "no such kernel" : "out of memory";
    return 0;
}
}
