package io.treegrad.network;

/** Which code multiplies matrices. The bits of a result hold for one kind on one type of CPU, {@link #PORTABLE}'s on all. */
public enum BlasKind {
    /** {@link #NATIVE} where it loads, else {@link #VECTOR}, else {@link #PORTABLE}. */
    AUTO,
    /** OpenBLAS for Linux on x86-64 and arm64, on the calling thread only. */
    NATIVE,
    /** netlib's Java code on the JDK's vector module. */
    VECTOR,
    /** Plain Java with one order of additions: the same bits on every machine. */
    PORTABLE
}
