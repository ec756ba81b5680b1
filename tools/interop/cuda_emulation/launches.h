// Kernels as functions of a shared library that take their arguments' addresses.
#pragma once

#include <type_traits>
#include <utility>

#include "warpgroups.h"

#define __constant__ static
#define LAUNCH(KERNEL)                                                                                                   \
    extern "C" __attribute__((visibility("default"))) void launch_##KERNEL(int x, int y, int z, int threads, int sharedBytes, void **arguments) {               \
        launchWith(KERNEL, {x, y, z}, threads, sharedBytes, arguments);                                                  \
    }

template <class... A, size_t... I>
static void launchOf(
    void (*kernel)(A...), Triple grid, int threads, int sharedBytes, void **arguments, std::index_sequence<I...>) {
    launch(grid, threads, (sharedBytes + 1) / 2, [&] { kernel(*(std::remove_cv_t<A> *)arguments[I]...); });
}

template <class... A>
static void launchWith(void (*kernel)(A...), Triple grid, int threads, int sharedBytes, void **arguments) {
    launchOf(kernel, grid, threads, sharedBytes, arguments, std::index_sequence_for<A...>());
}
