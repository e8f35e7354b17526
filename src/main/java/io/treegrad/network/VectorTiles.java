package io.treegrad.network;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of a dense product: some rows by one or two vectors, which stay in registers while the inner index runs. A method
 * for each shape, written out: the JIT keeps accumulators in registers only where each is a variable of its own.
 */
final class VectorTiles {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();
    /**
     * Rows of a tile. Eight take sixteen accumulators, which fit into the thirty-two registers of AVX-512 and of arm64;
     * five take ten, which fit into the sixteen of AVX2 beside the operands: with six they did not, with four a multiplication
     * waited for the one before.
     */
    static final int ROWS = LANES == 8 ? 5 : 8;

    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

    private VectorTiles() {}

    /**
     * {@code C [ROWS × width] = init + A [ROWS × depth] B [depth × width]}, both packed.
     *
     * @param width one vector or two
     * @param a bits of floats, a column of the tile after the other
     * @param ldi from a row of init to the next; ldc the same of C
     */
    static void tile(
            int width,
            int[] a,
            int a0,
            int depth,
            float[] b,
            int b0,
            float[] init,
            int i0,
            int ldi,
            float[] c,
            int c0,
            int ldc) {
        if (ROWS == 8) {
            if (width == LANES) {
                eightByOne(a, a0, depth, b, b0, init, i0, ldi, c, c0, ldc);
            } else {
                eightByTwo(a, a0, depth, b, b0, init, i0, ldi, c, c0, ldc);
            }
        } else if (width == LANES) {
            fiveByOne(a, a0, depth, b, b0, init, i0, ldi, c, c0, ldc);
        } else {
            fiveByTwo(a, a0, depth, b, b0, init, i0, ldi, c, c0, ldc);
        }
    }

    private static void eightByTwo(
            int[] a, int a0, int depth, float[] b, int b0, float[] init, int i0, int ldi, float[] c, int c0, int ldc) {
        FloatVector s00 = FloatVector.fromArray(SPECIES, init, i0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, init, i0 + LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, init, i0 + 1 * ldi);
        FloatVector s11 = FloatVector.fromArray(SPECIES, init, i0 + 1 * ldi + LANES);
        FloatVector s20 = FloatVector.fromArray(SPECIES, init, i0 + 2 * ldi);
        FloatVector s21 = FloatVector.fromArray(SPECIES, init, i0 + 2 * ldi + LANES);
        FloatVector s30 = FloatVector.fromArray(SPECIES, init, i0 + 3 * ldi);
        FloatVector s31 = FloatVector.fromArray(SPECIES, init, i0 + 3 * ldi + LANES);
        FloatVector s40 = FloatVector.fromArray(SPECIES, init, i0 + 4 * ldi);
        FloatVector s41 = FloatVector.fromArray(SPECIES, init, i0 + 4 * ldi + LANES);
        FloatVector s50 = FloatVector.fromArray(SPECIES, init, i0 + 5 * ldi);
        FloatVector s51 = FloatVector.fromArray(SPECIES, init, i0 + 5 * ldi + LANES);
        FloatVector s60 = FloatVector.fromArray(SPECIES, init, i0 + 6 * ldi);
        FloatVector s61 = FloatVector.fromArray(SPECIES, init, i0 + 6 * ldi + LANES);
        FloatVector s70 = FloatVector.fromArray(SPECIES, init, i0 + 7 * ldi);
        FloatVector s71 = FloatVector.fromArray(SPECIES, init, i0 + 7 * ldi + LANES);
        for (int q = 0; q < depth; q++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, b0 + q * 2 * LANES);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, b0 + q * 2 * LANES + LANES);
            FloatVector x0 = IntVector.broadcast(INTS, a[a0 + q * 8]).reinterpretAsFloats();
            s00 = x0.fma(y0, s00);
            s01 = x0.fma(y1, s01);
            FloatVector x1 = IntVector.broadcast(INTS, a[a0 + q * 8 + 1]).reinterpretAsFloats();
            s10 = x1.fma(y0, s10);
            s11 = x1.fma(y1, s11);
            FloatVector x2 = IntVector.broadcast(INTS, a[a0 + q * 8 + 2]).reinterpretAsFloats();
            s20 = x2.fma(y0, s20);
            s21 = x2.fma(y1, s21);
            FloatVector x3 = IntVector.broadcast(INTS, a[a0 + q * 8 + 3]).reinterpretAsFloats();
            s30 = x3.fma(y0, s30);
            s31 = x3.fma(y1, s31);
            FloatVector x4 = IntVector.broadcast(INTS, a[a0 + q * 8 + 4]).reinterpretAsFloats();
            s40 = x4.fma(y0, s40);
            s41 = x4.fma(y1, s41);
            FloatVector x5 = IntVector.broadcast(INTS, a[a0 + q * 8 + 5]).reinterpretAsFloats();
            s50 = x5.fma(y0, s50);
            s51 = x5.fma(y1, s51);
            FloatVector x6 = IntVector.broadcast(INTS, a[a0 + q * 8 + 6]).reinterpretAsFloats();
            s60 = x6.fma(y0, s60);
            s61 = x6.fma(y1, s61);
            FloatVector x7 = IntVector.broadcast(INTS, a[a0 + q * 8 + 7]).reinterpretAsFloats();
            s70 = x7.fma(y0, s70);
            s71 = x7.fma(y1, s71);
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + LANES);
        s10.intoArray(c, c0 + 1 * ldc);
        s11.intoArray(c, c0 + 1 * ldc + LANES);
        s20.intoArray(c, c0 + 2 * ldc);
        s21.intoArray(c, c0 + 2 * ldc + LANES);
        s30.intoArray(c, c0 + 3 * ldc);
        s31.intoArray(c, c0 + 3 * ldc + LANES);
        s40.intoArray(c, c0 + 4 * ldc);
        s41.intoArray(c, c0 + 4 * ldc + LANES);
        s50.intoArray(c, c0 + 5 * ldc);
        s51.intoArray(c, c0 + 5 * ldc + LANES);
        s60.intoArray(c, c0 + 6 * ldc);
        s61.intoArray(c, c0 + 6 * ldc + LANES);
        s70.intoArray(c, c0 + 7 * ldc);
        s71.intoArray(c, c0 + 7 * ldc + LANES);
    }

    private static void eightByOne(
            int[] a, int a0, int depth, float[] b, int b0, float[] init, int i0, int ldi, float[] c, int c0, int ldc) {
        FloatVector s00 = FloatVector.fromArray(SPECIES, init, i0);
        FloatVector s10 = FloatVector.fromArray(SPECIES, init, i0 + 1 * ldi);
        FloatVector s20 = FloatVector.fromArray(SPECIES, init, i0 + 2 * ldi);
        FloatVector s30 = FloatVector.fromArray(SPECIES, init, i0 + 3 * ldi);
        FloatVector s40 = FloatVector.fromArray(SPECIES, init, i0 + 4 * ldi);
        FloatVector s50 = FloatVector.fromArray(SPECIES, init, i0 + 5 * ldi);
        FloatVector s60 = FloatVector.fromArray(SPECIES, init, i0 + 6 * ldi);
        FloatVector s70 = FloatVector.fromArray(SPECIES, init, i0 + 7 * ldi);
        for (int q = 0; q < depth; q++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, b0 + q * LANES);
            FloatVector x0 = IntVector.broadcast(INTS, a[a0 + q * 8]).reinterpretAsFloats();
            s00 = x0.fma(y0, s00);
            FloatVector x1 = IntVector.broadcast(INTS, a[a0 + q * 8 + 1]).reinterpretAsFloats();
            s10 = x1.fma(y0, s10);
            FloatVector x2 = IntVector.broadcast(INTS, a[a0 + q * 8 + 2]).reinterpretAsFloats();
            s20 = x2.fma(y0, s20);
            FloatVector x3 = IntVector.broadcast(INTS, a[a0 + q * 8 + 3]).reinterpretAsFloats();
            s30 = x3.fma(y0, s30);
            FloatVector x4 = IntVector.broadcast(INTS, a[a0 + q * 8 + 4]).reinterpretAsFloats();
            s40 = x4.fma(y0, s40);
            FloatVector x5 = IntVector.broadcast(INTS, a[a0 + q * 8 + 5]).reinterpretAsFloats();
            s50 = x5.fma(y0, s50);
            FloatVector x6 = IntVector.broadcast(INTS, a[a0 + q * 8 + 6]).reinterpretAsFloats();
            s60 = x6.fma(y0, s60);
            FloatVector x7 = IntVector.broadcast(INTS, a[a0 + q * 8 + 7]).reinterpretAsFloats();
            s70 = x7.fma(y0, s70);
        }
        s00.intoArray(c, c0);
        s10.intoArray(c, c0 + 1 * ldc);
        s20.intoArray(c, c0 + 2 * ldc);
        s30.intoArray(c, c0 + 3 * ldc);
        s40.intoArray(c, c0 + 4 * ldc);
        s50.intoArray(c, c0 + 5 * ldc);
        s60.intoArray(c, c0 + 6 * ldc);
        s70.intoArray(c, c0 + 7 * ldc);
    }

    private static void fiveByTwo(
            int[] a, int a0, int depth, float[] b, int b0, float[] init, int i0, int ldi, float[] c, int c0, int ldc) {
        FloatVector s00 = FloatVector.fromArray(SPECIES, init, i0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, init, i0 + LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, init, i0 + 1 * ldi);
        FloatVector s11 = FloatVector.fromArray(SPECIES, init, i0 + 1 * ldi + LANES);
        FloatVector s20 = FloatVector.fromArray(SPECIES, init, i0 + 2 * ldi);
        FloatVector s21 = FloatVector.fromArray(SPECIES, init, i0 + 2 * ldi + LANES);
        FloatVector s30 = FloatVector.fromArray(SPECIES, init, i0 + 3 * ldi);
        FloatVector s31 = FloatVector.fromArray(SPECIES, init, i0 + 3 * ldi + LANES);
        FloatVector s40 = FloatVector.fromArray(SPECIES, init, i0 + 4 * ldi);
        FloatVector s41 = FloatVector.fromArray(SPECIES, init, i0 + 4 * ldi + LANES);
        for (int q = 0; q < depth; q++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, b0 + q * 2 * LANES);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, b0 + q * 2 * LANES + LANES);
            FloatVector x0 = IntVector.broadcast(INTS, a[a0 + q * 5]).reinterpretAsFloats();
            s00 = x0.fma(y0, s00);
            s01 = x0.fma(y1, s01);
            FloatVector x1 = IntVector.broadcast(INTS, a[a0 + q * 5 + 1]).reinterpretAsFloats();
            s10 = x1.fma(y0, s10);
            s11 = x1.fma(y1, s11);
            FloatVector x2 = IntVector.broadcast(INTS, a[a0 + q * 5 + 2]).reinterpretAsFloats();
            s20 = x2.fma(y0, s20);
            s21 = x2.fma(y1, s21);
            FloatVector x3 = IntVector.broadcast(INTS, a[a0 + q * 5 + 3]).reinterpretAsFloats();
            s30 = x3.fma(y0, s30);
            s31 = x3.fma(y1, s31);
            FloatVector x4 = IntVector.broadcast(INTS, a[a0 + q * 5 + 4]).reinterpretAsFloats();
            s40 = x4.fma(y0, s40);
            s41 = x4.fma(y1, s41);
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + LANES);
        s10.intoArray(c, c0 + 1 * ldc);
        s11.intoArray(c, c0 + 1 * ldc + LANES);
        s20.intoArray(c, c0 + 2 * ldc);
        s21.intoArray(c, c0 + 2 * ldc + LANES);
        s30.intoArray(c, c0 + 3 * ldc);
        s31.intoArray(c, c0 + 3 * ldc + LANES);
        s40.intoArray(c, c0 + 4 * ldc);
        s41.intoArray(c, c0 + 4 * ldc + LANES);
    }

    private static void fiveByOne(
            int[] a, int a0, int depth, float[] b, int b0, float[] init, int i0, int ldi, float[] c, int c0, int ldc) {
        FloatVector s00 = FloatVector.fromArray(SPECIES, init, i0);
        FloatVector s10 = FloatVector.fromArray(SPECIES, init, i0 + 1 * ldi);
        FloatVector s20 = FloatVector.fromArray(SPECIES, init, i0 + 2 * ldi);
        FloatVector s30 = FloatVector.fromArray(SPECIES, init, i0 + 3 * ldi);
        FloatVector s40 = FloatVector.fromArray(SPECIES, init, i0 + 4 * ldi);
        for (int q = 0; q < depth; q++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, b0 + q * LANES);
            FloatVector x0 = IntVector.broadcast(INTS, a[a0 + q * 5]).reinterpretAsFloats();
            s00 = x0.fma(y0, s00);
            FloatVector x1 = IntVector.broadcast(INTS, a[a0 + q * 5 + 1]).reinterpretAsFloats();
            s10 = x1.fma(y0, s10);
            FloatVector x2 = IntVector.broadcast(INTS, a[a0 + q * 5 + 2]).reinterpretAsFloats();
            s20 = x2.fma(y0, s20);
            FloatVector x3 = IntVector.broadcast(INTS, a[a0 + q * 5 + 3]).reinterpretAsFloats();
            s30 = x3.fma(y0, s30);
            FloatVector x4 = IntVector.broadcast(INTS, a[a0 + q * 5 + 4]).reinterpretAsFloats();
            s40 = x4.fma(y0, s40);
        }
        s00.intoArray(c, c0);
        s10.intoArray(c, c0 + 1 * ldc);
        s20.intoArray(c, c0 + 2 * ldc);
        s30.intoArray(c, c0 + 3 * ldc);
        s40.intoArray(c, c0 + 4 * ldc);
    }
}
