package io.treegrad.network;

import java.lang.reflect.Constructor;

/** The kernels that this JVM can run: on vectors where it has the module for them, else plain loops. */
final class KernelChoice {
    static final String MODULE = "jdk.incubator.vector";

    // Static, because a JVM has one answer.
    private static final Constructor<? extends Kernels> VECTOR = vectorConstructor();

    private KernelChoice() {}

    static boolean hasVectors() {
        return VECTOR != null;
    }

    /** The fastest of this JVM, with scratch of its own. */
    static Kernels fastest() {
        if (VECTOR == null) {
            return new ScalarKernels();
        }
        try {
            return VECTOR.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the vector kernels cannot be made", e);
        }
    }

    private static Constructor<? extends Kernels> vectorConstructor() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return null;
        }
        try {
            // by name: the class cannot be linked without the module
            return Class.forName(KernelChoice.class.getPackageName() + ".VectorKernels")
                    .asSubclass(Kernels.class)
                    .getDeclaredConstructor();
        } catch (ReflectiveOperationException | LinkageError e) {
            return null;
        }
    }
}
