/// Random numbers as pure functions of a key: no generator carries state from one draw to the next, so initialisation,
/// augmentation and drop-path draws do not depend on threads, on order, or on where a run was resumed.
///
/// - [dev.lejepa.graphs.random.Key] names a stream of numbers: derived from (seed, purpose, counters...), 128 bits.
/// - [dev.lejepa.graphs.random.Philox] turns a key and a block number into four 32-bit words (Philox4x32-10).
/// - [dev.lejepa.graphs.random.Draws] reads a stream in order: a few draws for one view of one image.
/// - [dev.lejepa.graphs.random.Fill] writes whole tensors; element `i` is a function of (key, `i`), so parts can be
///   filled in any order and in parallel.
/// - [dev.lejepa.graphs.random.Permutation] shuffles the numbers below `n`.
///
/// Every number is computed with IEEE additions, multiplications, divisions and square roots and with `StrictMath`, so
/// it is the same to the last bit on every machine, in the interpreter and in compiled code.
@NullMarked
package dev.lejepa.graphs.random;

import org.jspecify.annotations.NullMarked;
