package io.treegrad.spark;

import java.io.Serializable;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import org.apache.spark.api.java.JavaSparkContext;

/** Runs independent pieces of work, each as a Spark job of one task, as many at once as there are slots. */
public final class SideBySide {
    /**
     * What one task does, on one thread of an executor.
     *
     * @param <R> travels back to the driver
     */
    public interface Work<R extends Serializable> extends Serializable {
        R run() throws Exception;

        /** What the pages of Spark show for it. */
        String title();
    }

    private record Finished<R>(int piece, R result) {}

    private SideBySide() {}

    /**
     * Runs all pieces.
     *
     * @param slots how many to run at once
     * @param onResult receives the number of a piece and its result on this thread, in the order in which they finish
     * @throws RuntimeException the failure of a piece; the others are cancelled
     */
    public static <R extends Serializable> void run(
            Cluster cluster, int slots, List<Work<R>> pieces, BiConsumer<Integer, R> onResult) {
        JavaSparkContext context = cluster.context();
        cluster.free();
        ExecutorService threads = Executors.newFixedThreadPool(slots);
        CompletionService<Finished<R>> jobs = new ExecutorCompletionService<>(threads);
        boolean done = false;
        try {
            for (int i = 0; i < pieces.size(); i++) {
                int piece = i;
                jobs.submit(() -> {
                    context.setJobDescription(pieces.get(piece).title());
                    return new Finished<>(
                            piece,
                            context.parallelize(List.of(pieces.get(piece)), 1)
                                    .map(Work::run)
                                    .first());
                });
            }
            for (int i = 0; i < pieces.size(); i++) {
                Finished<R> finished = jobs.take().get();
                onResult.accept(finished.piece, finished.result);
            }
            done = true;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cluster.unwrapped(cause) : new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while pieces of work ran side by side", e);
        } finally {
            threads.shutdownNow();
            if (!done) {
                context.sc().cancelAllJobs();
            }
        }
    }
}
