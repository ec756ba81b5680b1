// What PyTorch asks of the CUDA runtime and driver while it traces a program for a device: one device, of sm_90, on which
// nothing ever runs. `inductor_count.py` loads it before the real runtime, and as libcuda.so.1.

#include <string.h>

// The beginning of cudaDeviceProp, CUDA 13.
struct properties {
    char name[256], uuid[16], luid[8];
    unsigned mask;
    unsigned long memory, shared;
    int registers, warp;
    unsigned long pitch;
    int threads, block[3], grid[3];
    unsigned long constants;
    int major, minor;
    unsigned long alignment[2];
    int processors;
};

int cudaGetDeviceProperties(struct properties *p, int device) {
    strcpy(p->name, "idle");
    p->memory = 140ul << 30;
    p->warp = 32;
    p->threads = 1024;
    p->major = 9;
    p->minor = 0;
    p->processors = 132;
    return 0;
}

int cudaDeviceGetAttribute(int *value, int attribute, int device) {
    *value = attribute == 75 ? 9 : attribute == 76 ? 0 : attribute == 16 ? 132 : 1; // capability, processors
    return 0;
}

int cudaGetDeviceCount(int *count) { *count = 1; return 0; }
int cudaGetDevice(int *device) { *device = 0; return 0; }
int cudaSetDevice(int device) { return 0; }
int cudaGetLastError(void) { return 0; }
int cudaPeekAtLastError(void) { return 0; }
int cudaStreamIsCapturing(void *stream, int *status) { *status = 0; return 0; }
int cudaDeviceGetStreamPriorityRange(int *least, int *greatest) { *least = *greatest = 0; return 0; }
int cudaDeviceSynchronize(void) { return 0; }
int cudaStreamSynchronize(void *stream) { return 0; }
int cudaDriverGetVersion(int *version) { *version = 13020; return 0; }
int cudaEventCreateWithFlags(void **event, unsigned flags) { *event = (void *)1; return 0; }
int cudaEventDestroy(void *event) { return 0; }
int cudaMemGetInfo(unsigned long *available, unsigned long *total) { *available = *total = 140ul << 30; return 0; }

int cuDevicePrimaryCtxGetState(int device, unsigned *flags, int *active) { *flags = 0; *active = 1; return 0; }
int cuCtxGetCurrent(void **context) { *context = (void *)1; return 0; }
