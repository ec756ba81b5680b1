// cuBLAS's library for a device that is not there: it knows its version.
enum { MAJOR, MINOR, PATCH };

int cublasGetProperty(int part, int *value) { *value = part == MAJOR ? 13 : part == MINOR ? 1 : 0; return 0; }
