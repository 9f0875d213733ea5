/** Tensors: their names, types and shapes, and the files that people keep them in. */
package dev.veilsum.file.tensor;
