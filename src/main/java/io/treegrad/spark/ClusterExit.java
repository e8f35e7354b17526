package io.treegrad.spark;

import org.apache.spark.SparkUserAppException;

/** Ends the process with an exit code in the way that its cluster manager understands. */
public final class ClusterExit {
    private ClusterExit() {}

    /**
     * Does not return. Inside YARN's application master {@code System.exit} would be told as an early end without its
     * code; it passes on the code of this exception instead.
     */
    public static void exit(int code) {
        if ("yarn".equals(System.getProperty("spark.master"))
                && "cluster".equals(System.getProperty("spark.submit.deployMode"))) {
            ClusterExit.<RuntimeException>throwChecked(new SparkUserAppException(code, null));
        }
        System.exit(code);
    }

    /** A checked exception that passes through a method of the JDK's, which may declare none. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void throwChecked(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
