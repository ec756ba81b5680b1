// CUDA's runtime library for a device that is not there: memory is the host's, copies are made, kernels do nothing.
//
//   FAKE_CAPABILITY  compute capability times ten (default 90)
//   FAKE_FREE        bytes that are free when the program asks (default 140 GB, less what it took)
//   FAKE_LIMIT       bytes after which allocations fail
//   FAKE_LOST        waits for a stream after which all fail
//   FAKE_RECORDED    bytes that recorded graphs are said to allocate
//   FAKE_TELL        set: says at the end what was allocated
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { OUT_OF_MEMORY = 2, LAUNCH_FAILURE = 719, CAPABILITY_MAJOR = 75, CAPABILITY_MINOR = 76, BLOCKS = 1 << 16 };

static const size_t TOTAL = 150000000000, FREE = 140000000000;
static struct { void *address; size_t bytes; } blocks[BLOCKS];
static size_t taken, most;
static long allocations, recorded, waits, count;
static int recording;

static long setting(const char *name, long otherwise) {
    const char *text = getenv(name);
    return text ? atol(text) : otherwise;
}

static void tell(void) {
    fprintf(stderr, "fake CUDA: %ld allocations, %ld of them while recording, %.2f GB at most\n", allocations, recorded, most / 1e9);
}

int cudaDriverGetVersion(int *version) { *version = 13000; return 0; }
int cudaGetDeviceCount(int *devices) { *devices = 1; return 0; }
int cudaSetDevice(int device) { return 0; }

int cudaDeviceGetAttribute(int *value, int attribute, int device) {
    long capability = setting("FAKE_CAPABILITY", 90);
    *value = attribute == CAPABILITY_MAJOR ? capability / 10 : attribute == CAPABILITY_MINOR ? capability % 10 : 132;
    return 0;
}

// The fields that ONNX Runtime reads of CUDA 13's structure.
int cudaGetDeviceProperties(char *properties, int device) {
    memset(properties, 0, 1000);
    strcpy(properties, "a device that is not there");
    *(size_t *)(properties + 288) = TOTAL;
    *(size_t *)(properties + 296) = 48 << 10;  // shared memory of a block
    *(int *)(properties + 304) = 65536;        // registers of a block
    *(int *)(properties + 308) = 32;           // threads of a warp
    *(size_t *)(properties + 312) = 1l << 31;  // pitch
    *(int *)(properties + 320) = 1024;         // threads of a block
    for (int at = 324; at < 348; at += 4) *(int *)(properties + at) = 65535; // sides of blocks and grids
    *(size_t *)(properties + 352) = 65536;                                   // constants
    *(int *)(properties + 360) = setting("FAKE_CAPABILITY", 90) / 10;
    *(int *)(properties + 364) = setting("FAKE_CAPABILITY", 90) % 10;
    for (int at = 368; at < 420; at += 4) *(int *)(properties + at) = 132;   // processors, among others
    return 0;
}

int cudaMemGetInfo(size_t *free, size_t *total) {
    *free = setting("FAKE_FREE", FREE) - taken;
    *total = TOTAL;
    return 0;
}

int cudaDeviceGetGraphMemAttribute(int device, int attribute, size_t *bytes) { *bytes = setting("FAKE_RECORDED", 0); return 0; }

// Pages that nobody writes take no memory.
int cudaMalloc(void **address, size_t bytes) {
    if (!allocations && getenv("FAKE_TELL")) atexit(tell);
    if (taken + bytes > (size_t)setting("FAKE_LIMIT", TOTAL) || count == BLOCKS) return OUT_OF_MEMORY;
    *address = mmap(0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (*address == MAP_FAILED) return OUT_OF_MEMORY;
    blocks[count].address = *address;
    blocks[count++].bytes = bytes;
    taken += bytes;
    if (taken > most) most = taken;
    allocations++;
    recorded += recording;
    return 0;
}

int cudaFree(void *address) {
    for (long i = 0; i < count; i++) {
        if (blocks[i].address == address) {
            munmap(address, blocks[i].bytes);
            taken -= blocks[i].bytes;
            blocks[i] = blocks[--count];
            break;
        }
    }
    return 0;
}

int cudaMallocHost(void **address, size_t bytes) { *address = malloc(bytes); return 0; }
int cudaFreeHost(void *address) { free(address); return 0; }
int cudaMemcpyAsync(void *to, void *from, size_t bytes, int kind, void *stream) { memcpy(to, from, bytes); return 0; }
int cudaMemsetAsync(void *address, int value, size_t bytes, void *stream) { memset(address, value, bytes); return 0; }

int cudaStreamCreateWithFlags(void **stream, int flags) { *stream = (void *)1; return 0; }
int cudaStreamSynchronize(void *stream) {
    long last = setting("FAKE_LOST", -1);
    return last >= 0 && ++waits > last ? LAUNCH_FAILURE : 0;
}
int cudaEventCreateWithFlags(void **event, int flags) { *event = (void *)1; return 0; }

int cudaStreamBeginCapture(void *stream, int mode) { recording = 1; return 0; }
int cudaStreamEndCapture(void *stream, void **graph) { recording = 0; *graph = (void *)1; return 0; }
int cudaStreamIsCapturing(void *stream, int *status) { *status = recording; return 0; }
int cudaGraphInstantiate(void **executable, void *graph, unsigned long flags) { *executable = (void *)1; return 0; }

const char *cudaGetErrorString(int code) {
    return code == OUT_OF_MEMORY ? "out of memory" : code == LAUNCH_FAILURE ? "unspecified launch failure" : "an error";
}
