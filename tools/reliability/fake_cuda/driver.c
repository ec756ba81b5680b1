// CUDA's driver for a device that is not there: modules are machine code that nobody looks into, kernels do nothing.
//
//   FAKE_TELL  set: says at the end what kernels asked for in a stream's order
//   FAKE_SLOW  what names of kernels begin with that take a millisecond
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FAST = 1, SLOW };

static long allocations;
static size_t most, sum;

static void tell(void) {
    fprintf(stderr, "fake CUDA: %ld allocations of kernels, %.2f MB at most, %.2f GB in all\n", allocations, most / 1e6, sum / 1e9);
}

int cuInit(int flags) { return 0; }
int cuGetExportTable(void **table, void *id) { return 1; } // which NVRTC asks for, and does without
int cuCtxGetDevice(int *device) { *device = 0; return 0; }
int cuDeviceGetAttribute(int *value, int attribute, int device) { *value = 132; return 0; }
int cuDeviceGetDefaultMemPool(void **pool, int device) { *pool = (void *)1; return 0; }
int cuMemPoolSetAttribute(void *pool, int attribute, void *value) { return 0; }

int cuModuleLoadData(void **module, void *code) {
    *module = (void *)1;
    return memcmp(code, "\177ELF", 4) ? 200 : 0; // CUDA_ERROR_INVALID_IMAGE
}
int cuModuleUnload(void *module) { return 0; }
int cuModuleGetFunction(void **function, void *module, char *name) {
    const char *slow = getenv("FAKE_SLOW");
    *function = (void *)(long)(slow && !strncmp(name, slow, strlen(slow)) ? SLOW : FAST);
    return 0;
}
int cuFuncSetAttribute(void *function, int attribute, int value) { return 0; }

int cuLaunchKernel(void *function, int gridX, int gridY, int gridZ, int blockX, int blockY, int blockZ, int shared,
                   void *stream, void **arguments, void **others) {
    if (function == (void *)SLOW) usleep(1000);
    return 0;
}

int cuMemAllocAsync(void **address, size_t bytes, void *stream) {
    if (!allocations++ && getenv("FAKE_TELL")) atexit(tell);
    sum += bytes;
    if (bytes > most) most = bytes;
    *address = (void *)4096; // nobody reads or writes it
    return 0;
}
int cuStreamSynchronize(void *stream) { return 0; }
int cuMemFreeAsync(void *address, void *stream) { return 0; }
int cuMemsetD32Async(void *address, unsigned value, size_t count, void *stream) { return 0; }

int cuTensorMapEncodeTiled(void *map, int type, int rank, void *address, void *dims, void *strides, void *box, void *steps,
                           int interleave, int swizzle, int promotion, int fill) {
    return 0;
}

int cuGetErrorString(int code, const char **text) { *text = "an error"; return 0; }
