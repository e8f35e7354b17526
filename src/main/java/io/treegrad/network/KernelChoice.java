package io.treegrad.network;

import java.lang.reflect.Constructor;

/**
 * The kernels that this JVM can run: on vectors where it has the module for them and a compiler that makes vector
 * instructions of it, else plain loops.
 */
final class KernelChoice {
    static final String MODULE = "jdk.incubator.vector";

    // Static, because a JVM has one answer.
    private static final Constructor<? extends Kernels> VECTOR = vectorConstructor();

    private KernelChoice() {}

    static boolean hasVectors() {
        return VECTOR != null;
    }

    /**
     * Whether HotSpot's second compiler is at work, without which code on vectors takes a hundred times as long as loops.
     * {@code java.vm.info} says so of the options -Xint and -XX:TieredStopAtLevel=1.
     */
    static boolean compilesVectors() {
        String modes = System.getProperty("java.vm.info", "");
        return !modes.contains("interpreted mode") && !modes.contains("emulated-client");
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
        if (ModuleLayer.boot().findModule(MODULE).isEmpty() || !compilesVectors()) {
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
