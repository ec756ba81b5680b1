/// NumPy's `.npy` files (format versions 1 to 3, numbers of every type and byte order), the form in which matrices of
/// embeddings and golden numbers come and go. [NpyFile] opens one as a memory-mapped [NpyArray] and writes small ones in
/// one call; [NpyWriter] streams rows whose number is known only at the end. [NpyMatrix] reads large matrices in pieces,
/// [NpyMatrixWriter] writes them so. A [PythonParser] reads what a header says.
@NullMarked
package dev.lejepa.graphs.npy;

import org.jspecify.annotations.NullMarked;
